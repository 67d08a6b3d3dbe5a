using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace CloudPipe.Shared.Tests.Queues;

/// <summary>The stand-in's broker does what the documentation of Service Bus says of the real one.</summary>
public sealed class InProcessBrokerTests
{
    private const string Queue = "work";
    private static readonly TimeSpan _moment = TimeSpan.FromMilliseconds(1);

    private readonly ManualTimeProvider _time = new();
    private readonly string _connection;
    private readonly ServiceBusClient _client;

    public InProcessBrokerTests()
    {
        _connection = InProcessBroker.Create(_time);
        _client = new ServiceBusClient(_connection);
    }

    [Fact]
    public void A_real_namespace_is_refused_with_what_to_do()
    {
        NotSupportedException byKey = Assert.Throws<NotSupportedException>(() => new ServiceBusClient("Endpoint=sb://real.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=b"));
        NotSupportedException byIdentity = Assert.Throws<NotSupportedException>(() => new ServiceBusClient("real.servicebus.windows.net", new DefaultAzureCredential()));
        Assert.Throws<NotSupportedException>(() => new ServiceBusAdministrationClient("real.servicebus.windows.net", new DefaultAzureCredential()));

        Assert.All([byKey, byIdentity], refused => Assert.Contains("CloudPipePackages=nuget", refused.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("SharedAccessKey", byKey.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_was_not_made_cannot_be_sent_to()
    {
        ServiceBusException refused = await Assert.ThrowsAsync<ServiceBusException>(() => _client.CreateSender("none").SendMessageAsync(new ServiceBusMessage("x")));

        Assert.Equal(ServiceBusFailureReason.MessagingEntityNotFound, refused.Reason);
    }

    [Fact]
    public async Task A_lock_that_expires_returns_the_message_with_a_higher_delivery_count()
    {
        await CreateAsync(new CreateQueueOptions(Queue) { LockDuration = TimeSpan.FromMinutes(1) });
        await _client.CreateSender(Queue).SendMessageAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        ServiceBusReceivedMessage first = (await receiver.ReceiveMessageAsync(_moment))!;
        Assert.Equal(_time.GetUtcNow().AddMinutes(1), first.LockedUntil);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(await receiver.ReceiveMessageAsync(_moment));

        _time.Advance(TimeSpan.FromSeconds(1));
        ServiceBusReceivedMessage second = (await receiver.ReceiveMessageAsync(_moment))!;

        Assert.Equal(1, first.DeliveryCount);
        Assert.Equal(2, second.DeliveryCount);
        Assert.Equal(first.SequenceNumber, second.SequenceNumber);
        ServiceBusException lost = await Assert.ThrowsAsync<ServiceBusException>(() => receiver.CompleteMessageAsync(first));
        Assert.Equal(ServiceBusFailureReason.MessageLockLost, lost.Reason);
        await receiver.CompleteMessageAsync(second);
    }

    [Fact]
    public async Task A_renewed_lock_lasts_from_the_renewal()
    {
        await CreateAsync(new CreateQueueOptions(Queue) { LockDuration = TimeSpan.FromMinutes(1) });
        await _client.CreateSender(Queue).SendMessageAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        ServiceBusReceivedMessage message = (await receiver.ReceiveMessageAsync(_moment))!;
        _time.Advance(TimeSpan.FromSeconds(50));

        await receiver.RenewMessageLockAsync(message);
        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.Equal(_time.GetUtcNow().AddSeconds(10), message.LockedUntil);
        await receiver.CompleteMessageAsync(message);
    }

    [Fact]
    public async Task The_last_abandoned_delivery_moves_the_message_to_the_dead_letters()
    {
        await CreateAsync(new CreateQueueOptions(Queue) { MaxDeliveryCount = 2 });
        await _client.CreateSender(Queue).SendMessageAsync(new ServiceBusMessage("x"));
        ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        for (int delivery = 0; delivery < 2; delivery++)
        {
            await receiver.AbandonMessageAsync((await receiver.ReceiveMessageAsync(_moment))!);
        }

        Assert.Null(await receiver.ReceiveMessageAsync(_moment));
        ServiceBusReceiver dead = _client.CreateReceiver(Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Equal("MaxDeliveryCountExceeded", (await dead.PeekMessageAsync())?.DeadLetterReason);
        await dead.CompleteMessageAsync((await dead.ReceiveMessageAsync(_moment))!);
        Assert.Null(await dead.PeekMessageAsync());
    }

    [Fact]
    public async Task A_scheduled_message_appears_at_its_time_and_can_be_cancelled()
    {
        await CreateAsync(new CreateQueueOptions(Queue));
        ServiceBusSender sender = _client.CreateSender(Queue);
        ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        await sender.ScheduleMessageAsync(new ServiceBusMessage("kept"), _time.GetUtcNow().AddMinutes(5));
        long cancelled = await sender.ScheduleMessageAsync(new ServiceBusMessage("cancelled"), _time.GetUtcNow().AddMinutes(5));
        await sender.CancelScheduledMessageAsync(cancelled);
        Assert.Null(await receiver.ReceiveMessageAsync(_moment));

        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal("kept", Assert.Single(await receiver.ReceiveMessagesAsync(10, _moment)).Body.ToString());
    }

    [Fact]
    public async Task A_repeated_id_is_dropped_within_the_window_only()
    {
        await CreateAsync(new CreateQueueOptions(Queue) { RequiresDuplicateDetection = true, DuplicateDetectionHistoryTimeWindow = TimeSpan.FromMinutes(1) });
        ServiceBusSender sender = _client.CreateSender(Queue);
        ServiceBusReceiver receiver = _client.CreateReceiver(Queue);
        await sender.SendMessageAsync(new ServiceBusMessage("x") { MessageId = "same" });
        await receiver.CompleteMessageAsync((await receiver.ReceiveMessageAsync(_moment))!);

        await sender.SendMessageAsync(new ServiceBusMessage("x") { MessageId = "same" });
        Assert.Null(await receiver.ReceiveMessageAsync(_moment));
        _time.Advance(TimeSpan.FromMinutes(1));
        await sender.SendMessageAsync(new ServiceBusMessage("x") { MessageId = "same" });
        Assert.NotNull(await receiver.ReceiveMessageAsync(_moment));
    }

    [Fact]
    public async Task A_message_over_the_limit_is_refused()
    {
        await CreateAsync(new CreateQueueOptions(Queue));

        ServiceBusException refused = await Assert.ThrowsAsync<ServiceBusException>(() => _client.CreateSender(Queue).SendMessageAsync(new ServiceBusMessage(new string('x', 300_000))));

        Assert.Equal(ServiceBusFailureReason.MessageSizeExceeded, refused.Reason);
    }

    private Task CreateAsync(CreateQueueOptions options) => new ServiceBusAdministrationClient(_connection).CreateQueueAsync(options);
}
