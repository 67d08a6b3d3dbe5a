using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Local.Commands;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Local.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _bucket = new();
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    public void Dispose() => _bucket.Dispose();

    [Theory]
    [InlineData("fly")]
    [InlineData("submit")]
    [InlineData("queue", "list", "nosuch")]
    [InlineData("status", "--bucke", "x")]
    [InlineData("worker", "--for", "00:10:00")]
    [InlineData("worker", "--drain", "--for", "00:00:00")]
    public async Task A_wrong_command_line_is_a_usage_error(params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(arguments));
        Assert.Contains("--help", _error.ToString());
    }

    [Fact]
    public async Task An_unknown_key_is_refused_with_the_nearest_one()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("status", "--set", "Queue:MaxDeliverCount=3"));
        Assert.Contains("CloudPipe:Queue:MaxDeliveryCount", _error.ToString());
    }

    [Theory]
    [InlineData("Queue:MaxDeliveryCount=0", "CloudPipe:Queue:MaxDeliveryCount")]
    [InlineData("Queue:MaxDeliveryCount=many", "CloudPipe:Queue:MaxDeliveryCount")]
    [InlineData("Storage:Kind=azure", "ConnectionString")]
    [InlineData("Watch:Interval=never", "CloudPipe:Watch:Interval")]
    [InlineData("Worker:Queues:0=cut", "CloudPipe:Worker:Queues")]
    [InlineData("Queue:Kind=storageQueues", "ConnectionString")]
    public async Task An_invalid_value_is_refused_with_its_key(string setting, string named)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("status", "--set", setting));
        Assert.Contains(named, _error.ToString());
    }

    [Fact]
    public async Task A_setting_without_a_value_is_a_usage_error() => Assert.Equal(ExitCode.Usage, await RunAsync("status", "--set", "Queue"));

    [Fact]
    public async Task Of_two_values_for_a_key_the_last_counts()
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("status", "--set", "Watch:Interval=00:00:01", "--set", "watch:interval=never"));
        Assert.Contains("never", _error.ToString());
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_not_found_and_not_created()
    {
        Assert.Equal(ExitCode.NotFound, await CommandLineApplication.RunAsync(["status", "--bucket", _bucket.File("none")], Output()));
        Assert.False(Directory.Exists(_bucket.File("none")));
    }

    [Fact]
    public async Task Submitting_copies_the_video_and_its_release_into_the_bucket()
    {
        string video = _bucket.File("film.mp4");
        await File.WriteAllTextAsync(video, "pixels");

        Assert.Equal(ExitCode.Success, await RunAsync("submit", video, "--name", "street/survey.mp4", "--release", "fine"));

        Assert.Equal("pixels", await File.ReadAllTextAsync(_bucket.File("inspections/street/survey.mp4")));
        Sidecar sidecar = await Sidecar.ReadAsync(new FolderBlobStore(_bucket.FullPath), "street/survey.mp4");
        Assert.Equal("fine", sidecar.Release);
    }

    [Theory]
    [InlineData(ExitCode.NotFound, "submit", "/nowhere/film.mp4")]
    [InlineData(ExitCode.Usage, "submit", "/bin/sh")]
    public async Task Submitting_what_is_no_video_fails(int expected, params string[] arguments) => Assert.Equal(expected, await RunAsync(arguments));

    [Fact]
    public async Task Waiting_longer_than_the_time_out_says_so()
    {
        string video = _bucket.File("film.mp4");
        await File.WriteAllTextAsync(video, "pixels");

        Assert.Equal(ExitCode.TimedOut, await RunAsync("submit", video, "--wait", "--timeout", "0.1"));
        Assert.Contains("cloudpipe up", _error.ToString());
    }

    [Fact]
    public async Task Status_lists_uploads_and_results_lists_what_has_ended()
    {
        await WriteResultAsync("done.mp4", InspectionStatus.Completed);
        await new FolderBlobStore(_bucket.FullPath).WriteBytesAsync(new BlobPath(BlobContainers.Inspections, "new.mp4"), [1]);

        Assert.Equal(ExitCode.Success, await RunAsync("status", "--json"));
        using JsonDocument status = JsonDocument.Parse(_output.ToString());
        Assert.Equal(["completed", "waiting"], status.RootElement.EnumerateArray().Select(item => item.GetProperty("stage").GetString()!));

        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Success, await RunAsync("results", "--json"));
        using JsonDocument results = JsonDocument.Parse(_output.ToString());
        Assert.Equal("done.mp4", Assert.Single(results.RootElement.EnumerateArray()).GetProperty("blobName").GetString());
    }

    [Fact]
    public async Task Rejected_results_show_in_the_exit_code()
    {
        await WriteResultAsync("bad.mp4", InspectionStatus.Rejected);

        Assert.Equal(ExitCode.SomeInspectionsFailed, await RunAsync("results"));
        Assert.Contains("bad.mp4", _output.ToString());
    }

    [Fact]
    public async Task An_inspection_that_is_not_there_is_not_found()
    {
        await WriteResultAsync("done.mp4", InspectionStatus.Completed);
        Assert.Equal(ExitCode.NotFound, await RunAsync("status", "other.mp4"));
    }

    [Fact]
    public async Task Dead_letters_are_listed_with_their_reason_and_requeued()
    {
        await WriteResultAsync("done.mp4", InspectionStatus.Completed);
        using (var queue = new SqliteMessageQueue(_bucket.File(".cloudpipe/queue.db"), new QueueOptions()))
        {
            await queue.SendAsync(QueueNames.Cut, new OutgoingMessage("cut:1", "{}"));
            await queue.DeadLetterAsync(Assert.Single(await queue.ReceiveAsync(QueueNames.Cut, 1, TimeSpan.FromMinutes(1))), "the lamp was off");
        }

        Assert.Equal(ExitCode.Success, await RunAsync("queue", "list"));
        Assert.Contains("the lamp was off", _output.ToString());
        Assert.Equal(ExitCode.NotFound, await RunAsync("queue", "requeue", "cut", "--id", "cut:2"));
        Assert.Equal(ExitCode.Success, await RunAsync("queue", "requeue", "cut"));
        Assert.Contains("1 requeued", _output.ToString());
    }

    private async Task WriteResultAsync(string blobName, InspectionStatus status)
    {
        var store = new FolderBlobStore(_bucket.FullPath);
        string etag = (await store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, blobName), [1]))!;
        InspectionReason? reason = status == InspectionStatus.Completed ? null : new InspectionReason(ReasonCode.NotAVideo, "It is a poem.");
        var result = new InspectionResult(InspectionId.Create(blobName, etag), blobName, etag, status, DateTimeOffset.UnixEpoch, reason, null, null, [], [], [], null, 1);
        await store.WriteJsonAsync(InspectionResult.PathOf(result.InspectionId), result);
    }

    private CommandOutput Output() => new(_output, _error, isInteractive: false);

    private Task<int> RunAsync(params string[] arguments) => CommandLineApplication.RunAsync([.. arguments, "--bucket", _bucket.FullPath], Output());
}
