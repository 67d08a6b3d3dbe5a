using Azure.Messaging.ServiceBus;
using CloudPipe.Functions.Messages;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;

namespace CloudPipe.Functions.Tests.Messages;

public sealed class MessageHandlerTests : IDisposable
{
    private const int LastDelivery = 3;

    private readonly Bucket _bucket = new();
    private readonly RecordedActions _actions = new();

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task Completes_a_message_whose_step_returns()
    {
        CutMessage? handled = null;
        await HandleAsync("""{"inspectionId":"a-1","shardIndex":4,"version":1}""", 1, (message, _) =>
        {
            handled = message;
            return Task.CompletedTask;
        });

        Assert.Equal(4, handled?.ShardIndex);
        Assert.Equal(["complete"], _actions.Calls);
    }

    [Fact]
    public async Task Gives_a_message_back_for_later_when_its_step_fails()
    {
        await HandleAsync(Body("a-1"), 2, (_, _) => throw new IOException("the disk is full"));

        Assert.Equal(["abandon"], _actions.Calls);
        Assert.Equal(_bucket.Time.Now + TimeSpan.FromSeconds(2), MessageHandler.RetryAt(_actions.Properties!));
    }

    [Fact]
    public async Task Writes_the_failed_result_before_the_last_delivery_is_set_aside()
    {
        InspectionPlan plan = await _bucket.PlanAsync();
        InspectionStatus? atSettlement = null;
        _actions.Before = () => atSettlement = _bucket.FindResultAsync(plan.InspectionId).GetAwaiter().GetResult()?.Status;

        await HandleAsync(Body(plan.InspectionId), LastDelivery, (_, _) => throw new IOException("the disk is full"));

        Assert.Equal(["dead-letter"], _actions.Calls);
        Assert.Contains("the disk is full", _actions.Description);
        Assert.Equal(InspectionStatus.Failed, atSettlement);
    }

    [Fact]
    public async Task Gives_a_message_back_when_its_failure_cannot_be_recorded()
    {
        InspectionPlan plan = await _bucket.PlanAsync();
        await _bucket.Store.WriteBytesAsync(InspectionPlan.PathOf(plan.InspectionId), "broken"u8.ToArray());

        await HandleAsync(Body(plan.InspectionId), LastDelivery, (_, _) => throw new IOException("the disk is full"));

        Assert.Equal(["abandon"], _actions.Calls);
    }

    [Fact]
    public async Task Records_a_message_past_its_last_delivery_without_running_it()
    {
        InspectionPlan plan = await _bucket.PlanAsync();
        bool ran = false;

        await HandleAsync(Body(plan.InspectionId), LastDelivery + 1, (_, _) =>
        {
            ran = true;
            return Task.CompletedTask;
        });

        Assert.False(ran);
        Assert.Equal(["dead-letter"], _actions.Calls);
        Assert.Equal(InspectionStatus.Failed, (await _bucket.FindResultAsync(plan.InspectionId))?.Status);
    }

    [Fact]
    public async Task Completes_the_message_of_an_inspection_that_cannot_be_scored_and_writes_why()
    {
        InspectionPlan plan = await _bucket.PlanAsync();

        await HandleAsync(Body(plan.InspectionId), 1, (_, _) => throw new InspectionRejectedException(ReasonCode.Undecodable, "No frame can be decoded."));

        Assert.Equal(["complete"], _actions.Calls);
        InspectionResult? result = await _bucket.FindResultAsync(plan.InspectionId);
        Assert.Equal((InspectionStatus.Rejected, ReasonCode.Undecodable), (result?.Status, result?.Reason?.Code));
        Assert.Equal(1, (await _bucket.Queue.GetStatisticsAsync(QueueNames.Events)).Pending);
    }

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("""{"inspectionId":"a-1","shardIndex":0,"version":99}""")]
    [InlineData("[]")]
    public async Task Sets_a_message_aside_at_once_when_nobody_can_read_it(string body)
    {
        await HandleAsync(body, 1, (_, _) => Task.CompletedTask);

        Assert.Equal(["dead-letter"], _actions.Calls);
        Assert.Contains(nameof(CutMessage), _actions.Description);
    }

    [Fact]
    public async Task Gives_a_message_back_at_once_when_the_host_stops()
    {
        using var stop = new CancellationTokenSource();
        await HandleAsync(Body("a-1"), 1, (_, token) =>
        {
            stop.Cancel();
            token.ThrowIfCancellationRequested();
            return Task.CompletedTask;
        }, stop.Token);

        Assert.Equal(["abandon"], _actions.Calls);
        Assert.Equal(_bucket.Time.Now, MessageHandler.RetryAt(_actions.Properties!));
    }

    [Fact]
    public async Task Counts_a_time_out_inside_a_step_as_a_failure()
    {
        await HandleAsync(Body("a-1"), 1, (_, _) => throw new OperationCanceledException());

        Assert.Equal(_bucket.Time.Now + TimeSpan.FromSeconds(1), MessageHandler.RetryAt(_actions.Properties!));
    }

    private static string Body(string inspectionId) => MessageSerializer.Serialize(new CutMessage(inspectionId, 0));

    private Task HandleAsync(string body, int deliveryCount, Func<CutMessage, CancellationToken, Task> step, CancellationToken cancellationToken = default)
    {
        ServiceBusReceivedMessage message = ServiceBusModelFactory.ServiceBusReceivedMessage(body: BinaryData.FromString(body), messageId: "m", deliveryCount: deliveryCount);
        return _bucket.Get<MessageHandler>().HandleAsync(message, _actions, step, cancellationToken);
    }
}
