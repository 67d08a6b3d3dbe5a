using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;

namespace CloudPipe.Functions.Tests.Inspections;

public sealed class SweepStepTests : IDisposable
{
    private static readonly BlobPath _empty = new(BlobContainers.Inspections, "empty.mp4");

    private readonly Bucket _bucket = new();

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task Ingests_an_upload_that_no_event_told_of()
    {
        string etag = (await _bucket.Store.WriteBytesAsync(_empty, []))!;
        _bucket.Time.Now += TimeSpan.FromMinutes(3);

        await _bucket.Get<SweepStep>().RunAsync(default);

        // There is no release in this bucket: that is what ingesting finds.
        InspectionResult? result = await _bucket.FindResultAsync(InspectionId.Create(_empty.Name, etag));
        Assert.Equal(InspectionStatus.Rejected, result?.Status);
    }

    [Fact]
    public async Task Leaves_a_young_upload_to_its_event()
    {
        string etag = (await _bucket.Store.WriteBytesAsync(_empty, []))!;
        _bucket.Time.Now += TimeSpan.FromMinutes(1);

        await _bucket.Get<SweepStep>().RunAsync(default);

        Assert.Null(await _bucket.FindResultAsync(InspectionId.Create(_empty.Name, etag)));
    }

    [Fact]
    public async Task Finds_the_one_among_many_that_nothing_took_up()
    {
        const int Planned = 20;
        for (int index = 0; index < Planned; index++)
        {
            string name = $"planned-{index}.mp4";
            string etag = (await _bucket.Store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, name), []))!;
            string id = InspectionId.Create(name, etag);
            // What stands in a plan does not matter, only that it is there; rejected uploads have a result alone.
            await _bucket.Store.WriteBytesAsync(index % 2 == 0 ? InspectionPlan.PathOf(id) : InspectionResult.PathOf(id), []);
        }

        string forgotten = (await _bucket.Store.WriteBytesAsync(_empty, []))!;
        _bucket.Time.Now += TimeSpan.FromMinutes(3);

        await _bucket.Get<SweepStep>().RunAsync(default);

        Assert.NotNull(await _bucket.FindResultAsync(InspectionId.Create(_empty.Name, forgotten)));
        Assert.Equal((Planned / 2) + 1, await _bucket.Store.ListAllAsync(BlobContainers.Results).CountAsync(blob => blob.Path.Name.EndsWith("/result.json", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Writes_the_failed_result_of_a_message_that_the_queue_itself_set_aside()
    {
        InspectionPlan plan = await _bucket.PlanAsync();
        await _bucket.Queue.SendAsync(QueueNames.Cut, new OutgoingMessage("c", MessageSerializer.Serialize(new CutMessage(plan.InspectionId, 0))));
        ReceivedMessage message = Assert.Single(await _bucket.Queue.ReceiveAsync(QueueNames.Cut, 1, TimeSpan.FromMinutes(1)));
        await _bucket.Queue.DeadLetterAsync(message, "every process died");

        await _bucket.Get<SweepStep>().RunAsync(default);

        InspectionResult? result = await _bucket.FindResultAsync(plan.InspectionId);
        Assert.Equal(InspectionStatus.Failed, result?.Status);
        Assert.Contains("every process died", result?.Reason?.Message);
    }
}
