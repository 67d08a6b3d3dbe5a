using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shards;
using CloudPipe.Shared.Tests.Videos;
using CloudPipe.Storage;

namespace CloudPipe.Shared.Tests.Shards;

public sealed class CutShardStepTests : IAsyncLifetime, IDisposable
{
    private static readonly NumberedVideo _video = new(".mp4", "-c:v libx264 -preset ultrafast -g 25") { FrameCount = 100 };

    private readonly InspectionBucket _bucket = new();

    public async Task InitializeAsync()
    {
        await _bucket.PublishAsync(InspectionBucket.DemoRelease(segmentSeconds: 2));
        await _bucket.UploadAsync("a.mp4", _video);
        await _bucket.IngestAsync("a.mp4");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task The_same_shard_is_the_same_bytes()
    {
        InspectionPlan plan = await _bucket.ReadPlanAsync("a.mp4");
        await _bucket.Cut.RunAsync(new CutMessage(plan.InspectionId, 0), CancellationToken.None);
        byte[] first = (await _bucket.Store.ReadBytesAsync(plan.ShardPath(0)))!;

        await _bucket.Store.DeleteAsync(plan.ShardPath(0));
        await _bucket.Cut.RunAsync(new CutMessage(plan.InspectionId, 0), CancellationToken.None);

        Assert.Equal(first, await _bucket.Store.ReadBytesAsync(plan.ShardPath(0)));
    }

    [Fact]
    public async Task A_repeat_leaves_the_shard_and_sends_the_same_messages()
    {
        InspectionPlan plan = await _bucket.ReadPlanAsync("a.mp4");
        await _bucket.Store.WriteBytesAsync(plan.ShardPath(0), [1, 2, 3]);

        await _bucket.Cut.RunAsync(new CutMessage(plan.InspectionId, 0), CancellationToken.None);

        Assert.Equal([1, 2, 3], (await _bucket.Store.ReadBytesAsync(plan.ShardPath(0)))!);
        string[] ids = [.. (await _bucket.ReceiveAllAsync(QueueNames.Score)).Select(message => message.Id).Order()];
        Assert.Equal([$"score:{plan.InspectionId}:0:0", $"score:{plan.InspectionId}:0:1"], ids);
    }

    [Fact]
    public async Task A_replaced_upload_is_not_cut()
    {
        InspectionPlan plan = await _bucket.ReadPlanAsync("a.mp4");
        await _bucket.UploadAsync("a.mp4", _video with { FrameCount = 50 });

        InspectionRejectedException exception = await Assert.ThrowsAsync<InspectionRejectedException>(
            () => _bucket.Cut.RunAsync(new CutMessage(plan.InspectionId, 0), CancellationToken.None));

        Assert.Equal(ReasonCode.UploadChanged, exception.Reason.Code);
        Assert.Null(await _bucket.Store.FindAsync(plan.ShardPath(0)));
    }

    [Theory]
    [InlineData("../plans/x", 0)]
    [InlineData("unknown-0123", 0)]
    public async Task A_message_of_an_unknown_inspection_cannot_be_handled(string inspectionId, int shardIndex) =>
        await Assert.ThrowsAsync<MessageFormatException>(() => _bucket.Cut.RunAsync(new CutMessage(inspectionId, shardIndex), CancellationToken.None));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_message_of_an_unknown_shard_cannot_be_handled(int shardIndex)
    {
        InspectionPlan plan = await _bucket.ReadPlanAsync("a.mp4");
        await Assert.ThrowsAsync<MessageFormatException>(() => _bucket.Cut.RunAsync(new CutMessage(plan.InspectionId, shardIndex), CancellationToken.None));
    }

    [Fact]
    public async Task Cancelling_ends_the_work()
    {
        InspectionPlan plan = await _bucket.ReadPlanAsync("a.mp4");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _bucket.Cut.RunAsync(new CutMessage(plan.InspectionId, 0), cancelled.Token));
    }
}
