using System.Text;
using CloudPipe.EndToEnd.Tests.Doubles;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Inspections;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Demo;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests;

public sealed class PipelineTests : IDisposable
{
    private readonly TemporaryFolder _videos = new();

    public void Dispose() => _videos.Dispose();

    [Theory]
    [InlineData(Topology.OneProcess)]
    [InlineData(Topology.ProcessesOnSqlite)]
    [InlineData(Topology.ProcessesOnAzurite)]
    public async Task A_dropped_video_is_scored_segment_by_segment(Topology topology)
    {
        await using ServedBucket bucket = await ServedBucket.CreateAsync(topology);
        await bucket.StartAsync();
        await bucket.DropAsync("survey.mp4", await RenderAsync(seconds: 10));

        InspectionResult result = Assert.Single(await bucket.WaitAsync(uploads: 1)).Value;

        Assert.Equal(InspectionStatus.Completed, result.Status);
        Assert.Equal(5, result.Segments.Count);
        Assert.Equal(17, result.Labels.Count);
        Assert.All(result.Labels, label => Assert.InRange(label.Probability, 0, 1));
        Assert.Contains("<html", Encoding.UTF8.GetString((await bucket.Store.ReadBytesAsync(InspectionResult.ReportPathOf(result.InspectionId)))!));
        await bucket.WaitForEventsAsync(1);
    }

    [Fact]
    public async Task A_file_is_taken_once_its_copy_has_ended()
    {
        await using ServedBucket bucket = await ServedBucket.CreateAsync();
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

    [Theory]
    [InlineData(Topology.OneProcess)]
    [InlineData(Topology.ProcessesOnSqlite)]
    [InlineData(Topology.ProcessesOnAzurite)]
    public async Task What_cannot_be_scored_is_rejected_with_a_reason_and_the_rest_goes_on(Topology topology)
    {
        await using ServedBucket bucket = await ServedBucket.CreateAsync(topology);
        await bucket.StartAsync();
        byte[] good = await RenderAsync(seconds: 2);
        await bucket.DropAsync("notes.mp4", "A letter, not a film."u8.ToArray());
        await bucket.DropAsync("empty.mp4", []);
        await bucket.DropAsync("truncated.mp4", good[..(good.Length / 2)]);
        await bucket.DropAsync("sidecar.mp4.json", "{ no json"u8.ToArray());
        await bucket.DropAsync("sidecar.mp4", good);
        await bucket.DropAsync("Straße 7, Süd ünïcode.mp4", good);

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

    [Theory]
    [InlineData(Topology.OneProcess)]
    [InlineData(Topology.ProcessesOnSqlite)]
    [InlineData(Topology.ProcessesOnAzurite)]
    public async Task A_host_that_is_stopped_in_the_middle_goes_on_where_it_was(Topology topology)
    {
        await using ServedBucket bucket = await ServedBucket.CreateAsync(topology);
        await bucket.StartAsync();
        for (int video = 0; video < 4; video++)
        {
            await bucket.DropAsync($"film-{video}.mp4", await RenderAsync(seconds: 8));
        }

        await bucket.StopAsync();
        await bucket.StartAsync();

        IReadOnlyDictionary<string, InspectionResult> results = await bucket.WaitAsync(uploads: 4);
        Assert.All(results.Values, result => Assert.Equal(InspectionStatus.Completed, result.Status));
    }

    [Theory]
    [InlineData(Topology.OneProcess)]
    [InlineData(Topology.ProcessesOnSqlite)]
    [InlineData(Topology.ProcessesOnAzurite)]
    public async Task A_message_that_nobody_can_read_is_set_aside_with_a_reason_and_the_worker_goes_on(Topology topology)
    {
        await using ServedBucket bucket = await ServedBucket.CreateAsync(topology);
        await bucket.StartAsync();
        await bucket.Queue.SendAsync(QueueNames.Cut, new OutgoingMessage("poison", "this is no JSON"));
        await bucket.Queue.SendAsync(QueueNames.Score, new OutgoingMessage("future", """{"inspectionId":"a-1","shardIndex":0,"groupIndex":0,"version":99}"""));
        await bucket.DropAsync("film.mp4", await RenderAsync(seconds: 2));

        await bucket.WaitAsync(uploads: 1);

        Assert.Contains("JSON", Assert.Single(await bucket.Queue.ListDeadLettersAsync(QueueNames.Cut)).Reason);
        Assert.Contains("version 99", Assert.Single(await bucket.Queue.ListDeadLettersAsync(QueueNames.Score)).Reason);
    }

    [Fact]
    public async Task The_demo_shows_results_and_verified_events()
    {
        await using ServedBucket bucket = await ServedBucket.CreateAsync();
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

    private async Task<byte[]> RenderAsync(double seconds)
    {
        string file = _videos.File("film.mp4");
        await Videos.RenderAsync(file, seconds);
        return await File.ReadAllBytesAsync(file);
    }
}
