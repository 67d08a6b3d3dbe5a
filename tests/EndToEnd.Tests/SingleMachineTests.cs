using CloudPipe.EndToEnd.Tests.Doubles;
using CloudPipe.Inspections;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Demo;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests;

public sealed class SingleMachineTests : IDisposable
{
    private readonly TemporaryFolder _videos = new();

    public void Dispose() => _videos.Dispose();

    [Fact]
    public async Task A_dropped_video_is_scored_segment_by_segment()
    {
        await using var bucket = new ServedBucket();
        await bucket.StartAsync();
        await Videos.RenderAsync(_videos.File("survey.mp4"), seconds: 10);
        File.Copy(_videos.File("survey.mp4"), Path.Combine(bucket.Inspections, "survey.mp4"));

        InspectionResult result = Assert.Single(await bucket.WaitAsync(uploads: 1)).Value;

        Assert.Equal(InspectionStatus.Completed, result.Status);
        Assert.Equal(5, result.Segments.Count);
        Assert.Equal(17, result.Labels.Count);
        Assert.All(result.Labels, label => Assert.InRange(label.Probability, 0, 1));
        Assert.Contains("<html", await File.ReadAllTextAsync(Path.Combine(bucket.Folder, "results", result.InspectionId, "report.html")));
        await bucket.WaitForEventsAsync(1);
    }

    [Fact]
    public async Task A_file_is_taken_once_its_copy_has_ended()
    {
        await using var bucket = new ServedBucket();
        await bucket.StartAsync();
        await Videos.RenderAsync(_videos.File("slow.mp4"), seconds: 4);
        byte[] content = await File.ReadAllBytesAsync(_videos.File("slow.mp4"));
        await using (FileStream copy = File.Create(Path.Combine(bucket.Inspections, "slow.mp4")))
        {
            foreach (byte[] part in content.Chunk((content.Length / 8) + 1))
            {
                await copy.WriteAsync(part);
                await copy.FlushAsync();
                await Task.Delay(100);
            }
        }

        InspectionResult result = Assert.Single(await bucket.WaitAsync(uploads: 1)).Value;

        Assert.Equal(InspectionStatus.Completed, result.Status);
        Assert.Single(Directory.EnumerateDirectories(Path.Combine(bucket.Folder, "results"), "slow-*"));
    }

    [Fact]
    public async Task What_cannot_be_scored_is_rejected_with_a_reason_and_the_rest_goes_on()
    {
        await using var bucket = new ServedBucket();
        await bucket.StartAsync();
        await Videos.RenderAsync(_videos.File("good.mp4"), seconds: 2);
        byte[] good = await File.ReadAllBytesAsync(_videos.File("good.mp4"));
        await File.WriteAllTextAsync(Path.Combine(bucket.Inspections, "notes.mp4"), "A letter, not a film.");
        await File.WriteAllBytesAsync(Path.Combine(bucket.Inspections, "empty.mp4"), []);
        await File.WriteAllBytesAsync(Path.Combine(bucket.Inspections, "truncated.mp4"), good[..(good.Length / 2)]);
        await File.WriteAllTextAsync(Path.Combine(bucket.Inspections, "sidecar.mp4.json"), "{ no json");
        File.Copy(_videos.File("good.mp4"), Path.Combine(bucket.Inspections, "sidecar.mp4"));
        File.Copy(_videos.File("good.mp4"), Path.Combine(bucket.Inspections, "Straße 7, Süd ünïcode.mp4"));

        IReadOnlyDictionary<string, InspectionResult> results = await bucket.WaitAsync(uploads: 5);

        Assert.Equal(ReasonCode.NotAVideo, results["notes.mp4"].Reason?.Code);
        Assert.Equal(ReasonCode.EmptyFile, results["empty.mp4"].Reason?.Code);
        Assert.Equal(ReasonCode.Truncated, results["truncated.mp4"].Reason?.Code);
        Assert.Equal(ReasonCode.InvalidSidecar, results["sidecar.mp4"].Reason?.Code);
        Assert.Equal(InspectionStatus.Completed, results["Straße 7, Süd ünïcode.mp4"].Status);
        foreach (string queue in BucketSession.Queues)
        {
            Assert.Equal(0, (await bucket.Queue.GetStatisticsAsync(queue)).DeadLetters);
        }
    }

    [Fact]
    public async Task A_host_that_is_stopped_in_the_middle_goes_on_where_it_was()
    {
        await using var bucket = new ServedBucket();
        await bucket.StartAsync();
        for (int video = 0; video < 4; video++)
        {
            await Videos.RenderAsync(Path.Combine(bucket.Inspections, $"film-{video}.mp4"), seconds: 8);
        }

        await bucket.StopAsync();
        await bucket.StartAsync();

        IReadOnlyDictionary<string, InspectionResult> results = await bucket.WaitAsync(uploads: 4);
        Assert.All(results.Values, result => Assert.Equal(InspectionStatus.Completed, result.Status));
    }

    [Fact]
    public async Task A_message_that_nobody_can_read_is_set_aside_with_a_reason_and_the_worker_goes_on()
    {
        await using var bucket = new ServedBucket();
        await bucket.StartAsync();
        await bucket.Queue.SendAsync(QueueNames.Cut, new OutgoingMessage("poison", "this is no JSON"));
        await bucket.Queue.SendAsync(QueueNames.Score, new OutgoingMessage("future", """{"inspectionId":"a-1","shardIndex":0,"groupIndex":0,"version":99}"""));
        await Videos.RenderAsync(Path.Combine(bucket.Inspections, "film.mp4"), seconds: 2);

        await bucket.WaitAsync(uploads: 1);

        Assert.Contains("JSON", Assert.Single(await bucket.Queue.ListDeadLettersAsync(QueueNames.Cut)).Reason);
        Assert.Contains("version 99", Assert.Single(await bucket.Queue.ListDeadLettersAsync(QueueNames.Score)).Reason);
    }

    [Fact]
    public async Task The_demo_shows_results_and_verified_events()
    {
        await using var bucket = new ServedBucket();
        await bucket.StartAsync();
        await bucket.StopAsync();
        await Videos.RenderAsync(_videos.File("film.mp4"), seconds: 2);
        await File.WriteAllTextAsync(_videos.File("notes.mp4"), "A letter, not a film.");
        await File.WriteAllTextAsync(_videos.File("labels.json"), """{"film.mp4":[2,13]}""");
        var output = new StringWriter();
        var settings = new CommandSettings(Overrides: [new("CloudPipe:Inspections:DefaultRelease", SmallRelease.Name)]);

        bool succeeded = await new DemoRun(settings, new CommandOutput(output, output, isInteractive: false), TimeProvider.System)
            .RunAsync(_videos.FullPath, bucket.Folder, TimeSpan.FromMinutes(3), default);

        string text = output.ToString();
        Assert.True(succeeded, text);
        Assert.Contains("com.cloudpipe.inspection.completed", text);
        Assert.Contains("com.cloudpipe.inspection.rejected", text);
        Assert.Contains("CK SL", text);
        Assert.All(text.Split('\n').Where(line => line.EndsWith("report.html", StringComparison.Ordinal)), line => Assert.True(File.Exists(line)));
    }
}
