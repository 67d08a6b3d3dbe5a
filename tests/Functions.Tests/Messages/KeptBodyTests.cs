using Azure.Messaging.ServiceBus;
using CloudPipe.Functions.Messages;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Tests.Messages;

/// <summary>Bodies that are too large for Service Bus, from the sender's queue to a function, over the stand-in's broker.</summary>
public sealed class KeptBodyTests : IAsyncLifetime
{
    private static readonly DeliverMessage _large = new("city", "film-00.completed", new string('é', 150_000), 1);

    private readonly Bucket _bucket = new();
    private readonly string _connection = $"Endpoint=sb://in-process/{Guid.NewGuid():N};UseDevelopmentEmulator=true";
    private ServiceBusMessageQueue _sender = null!;
    private ServiceBusReceiver _receiver = null!;

    public async Task InitializeAsync()
    {
        _sender = ServiceBusMessageQueue.Connect(_connection, _bucket.Get<ClaimCheck>(), new QueueOptions());
        await _sender.CreateQueuesAsync([QueueNames.Deliver]);
        _receiver = new ServiceBusClient(_connection).CreateReceiver(QueueNames.Deliver);
        await _sender.SendAsync(_large.Id, _large);
    }

    public async Task DisposeAsync()
    {
        await _sender.DisposeAsync();
        _bucket.Dispose();
    }

    [Fact]
    public async Task A_function_gets_the_body_and_it_is_dropped_once_the_message_is_done()
    {
        Assert.Equal(1, await CountClaimsAsync());
        DeliverMessage? handled = null;

        await HandleAsync((message, _) =>
        {
            handled = message;
            return Task.CompletedTask;
        });

        Assert.Equal(_large, handled);
        Assert.Equal(0, await CountClaimsAsync());
        Assert.Equal(0, (await _sender.GetStatisticsAsync(QueueNames.Deliver)).Pending);
    }

    [Fact]
    public async Task It_stays_while_the_message_is_to_be_tried_again()
    {
        await HandleAsync((_, _) => throw new IOException("not now"));

        Assert.Equal(1, await CountClaimsAsync());
        Assert.Equal(1, (await _sender.GetStatisticsAsync(QueueNames.Deliver)).Pending);
    }

    [Fact]
    public async Task It_stays_with_a_dead_letter_which_can_be_requeued()
    {
        await HandleAsync((_, _) => throw new MessageFormatException("unreadable"));

        Assert.Contains(_large.Event, Assert.Single(await _sender.ListDeadLettersAsync(QueueNames.Deliver)).Body, StringComparison.Ordinal);
        Assert.Equal(1, await _sender.RequeueAsync(QueueNames.Deliver, _large.Id));
        DeliverMessage? handled = null;
        await HandleAsync((message, _) =>
        {
            handled = message;
            return Task.CompletedTask;
        });
        Assert.Equal(_large, handled);
    }

    [Fact]
    public async Task A_body_that_is_gone_makes_a_dead_letter_that_says_so()
    {
        await foreach (BlobProperties claim in _bucket.Store.ListAllAsync(BlobContainers.Claims))
        {
            await _bucket.Store.DeleteAsync(claim.Path);
        }

        bool ran = false;
        await HandleAsync((_, _) =>
        {
            ran = true;
            return Task.CompletedTask;
        });

        Assert.False(ran);
        ServiceBusReceiver dead = new ServiceBusClient(_connection).CreateReceiver(QueueNames.Deliver, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter });
        Assert.Contains("is gone", Assert.Single(await dead.PeekMessagesAsync(10)).DeadLetterErrorDescription, StringComparison.Ordinal);
    }

    private async Task<int> CountClaimsAsync() => await _bucket.Store.ListAllAsync(BlobContainers.Claims).CountAsync();

    private async Task HandleAsync(Func<DeliverMessage, CancellationToken, Task> step)
    {
        ServiceBusReceivedMessage message = Assert.Single(await _receiver.ReceiveMessagesAsync(1, TimeSpan.FromSeconds(5)));
        await _bucket.Get<MessageHandler>().HandleAsync(message, new BrokerActions(_receiver), step, CancellationToken.None);
    }

    /// <summary>Settles as the Functions host does: on the broker.</summary>
    private sealed class BrokerActions(ServiceBusReceiver receiver) : ServiceBusMessageActions
    {
        public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
            receiver.CompleteMessageAsync(message, cancellationToken);

        public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default) =>
            receiver.AbandonMessageAsync(message, propertiesToModify, cancellationToken);

        public override Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = default, string? deadLetterReason = default, string? deadLetterErrorDescription = default, CancellationToken cancellationToken = default) =>
            receiver.DeadLetterMessageAsync(message, propertiesToModify ?? [], deadLetterReason ?? "", deadLetterErrorDescription ?? "", cancellationToken);
    }
}
