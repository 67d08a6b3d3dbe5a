using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shared.Tests.Videos;
using CloudPipe.Storage;

namespace CloudPipe.Shared.Tests.Inspections;

public sealed class IngestStepTests : IAsyncLifetime, IDisposable
{
    private static readonly NumberedVideo _video = new(".mp4", "-c:v libx264 -preset ultrafast -g 25");

    private readonly InspectionBucket _bucket = new(new InspectionOptions { SegmentsPerShard = 2 });

    public Task InitializeAsync() => _bucket.PublishAsync(InspectionBucket.DemoRelease(segmentSeconds: 2));

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task An_upload_becomes_a_plan_and_one_message_a_shard()
    {
        await _bucket.UploadAsync("a.mp4", _video);
        await _bucket.IngestAsync("a.mp4");

        InspectionPlan plan = await _bucket.ReadPlanAsync("a.mp4");
        Assert.Equal(5, plan.Segments.Count);
        Assert.Equal(("demo", 3, InspectionBucket.TileSize), (plan.Release, plan.Grid, plan.TileSize));
        Assert.Equal((128, 96, 25, "h264"), (plan.Video.Width, plan.Video.Height, plan.Video.FramesPerSecond, plan.Video.Codec));
        string[] ids = [.. (await _bucket.ReceiveAllAsync(QueueNames.Cut)).Select(message => message.Id).Order()];
        Assert.Equal([$"cut:{plan.InspectionId}:0", $"cut:{plan.InspectionId}:1", $"cut:{plan.InspectionId}:2"], ids);
    }

    [Fact]
    public async Task A_repeat_keeps_the_plan_and_sends_the_same_messages()
    {
        await _bucket.UploadAsync("a.mp4", _video);
        await _bucket.IngestAsync("a.mp4");
        List<ReceivedMessage> first = await _bucket.ReceiveAllAsync(QueueNames.Cut);
        InspectionPlan plan = await _bucket.ReadPlanAsync("a.mp4");

        await _bucket.PublishAsync(InspectionBucket.DemoRelease(segmentSeconds: 60));
        await _bucket.IngestAsync("a.mp4");

        Assert.Equal(plan.PlannedAt, (await _bucket.ReadPlanAsync("a.mp4")).PlannedAt);
        List<ReceivedMessage> second = await _bucket.ReceiveAllAsync(QueueNames.Cut);
        Assert.Equal(first.Select(message => message.Id).Order(), second.Select(message => message.Id).Order());
        Assert.All(first, message => Assert.False(MessageSerializer.Deserialize<CutMessage>(message.Body).Repeat));
        Assert.All(second, message => Assert.True(MessageSerializer.Deserialize<CutMessage>(message.Body).Repeat));
    }

    [Fact]
    public async Task Ingesting_twice_at_once_makes_one_plan()
    {
        await _bucket.UploadAsync("a.mp4", _video);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => _bucket.IngestAsync("a.mp4"))));

        Assert.Single(await _bucket.Store.ListAllAsync(BlobContainers.Plans).ToListAsync());
        Assert.Equal(3, (await _bucket.ReceiveAllAsync(QueueNames.Cut)).Select(message => message.Id).Distinct().Count());
    }

    [Theory]
    [InlineData(InspectionStatus.Completed, 0)]
    [InlineData(InspectionStatus.Rejected, 0)]
    [InlineData(InspectionStatus.Failed, 3)]
    public async Task A_finished_inspection_is_left_alone_and_a_failed_one_tried_again(InspectionStatus status, int messages)
    {
        await _bucket.UploadAsync("a.mp4", _video);
        await _bucket.IngestAsync("a.mp4");
        await _bucket.ReceiveAllAsync(QueueNames.Cut);
        InspectionPlan plan = await _bucket.ReadPlanAsync("a.mp4");
        var result = new InspectionResult(plan.InspectionId, "a.mp4", plan.ETag, status, DateTimeOffset.UnixEpoch, null, null, null, [], [], [], null, 1);
        await _bucket.Store.WriteJsonAsync(InspectionResult.PathOf(plan.InspectionId), result);

        InspectionResult? finished = await _bucket.IngestAsync("a.mp4");

        Assert.Equal(messages, (await _bucket.ReceiveAllAsync(QueueNames.Cut)).Count);
        Assert.Equal(messages == 0 ? status : null, finished?.Status);
    }

    [Fact]
    public async Task What_changes_after_the_plan_does_not_reject_what_is_being_scored()
    {
        await _bucket.UploadAsync("a.mp4", _video);
        await _bucket.IngestAsync("a.mp4");
        await _bucket.ReceiveAllAsync(QueueNames.Cut);
        await _bucket.UploadAsync("a.mp4.json", "{ no json"u8.ToArray());

        Assert.Null(await _bucket.IngestAsync("a.mp4"));

        Assert.Equal(3, (await _bucket.ReceiveAllAsync(QueueNames.Cut)).Count);
    }

    public static TheoryData<string> OddNames =>
    [
        "with space and (brackets).mp4",
        "100% done #1?.mp4",
        "quote\"d 'twice'.mp4",
        "back\\slash.mp4",
        "管道/検査 ünïcode 🚰.mp4",
        "../../escape.mp4",
        "-i.mp4",
        "concat:a.mp4",
        "line\nbreak.mp4",
        string.Join('/', Enumerable.Repeat(new string('x', 99), 9)) + ".mp4",
        new string('y', 896) + ".mp4",
    ];

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task Any_name_that_a_store_takes_is_ingested_and_cut(string name)
    {
        await _bucket.UploadAsync(name, _video with { FrameCount = 30 });

        (InspectionPlan plan, List<CloudPipe.Shards.ShardSegment> segments) = await _bucket.IngestAndCutAsync(name);

        Assert.Equal(name, plan.BlobName);
        Assert.Equal(9, Assert.Single(segments).Tiles.Count);
    }
}
