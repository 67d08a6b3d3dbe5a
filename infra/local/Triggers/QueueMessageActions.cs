using Azure.Messaging.ServiceBus;
using CloudPipe.Functions.Messages;
using CloudPipe.Queues;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Local.Triggers;

/// <summary>Takes down how a function settles its message; the consumer that holds the message carries it out.</summary>
/// <param name="timeProvider">Tells the time.</param>
internal sealed class QueueMessageActions(TimeProvider timeProvider) : ServiceBusMessageActions
{
    /// <summary>What the function asked for; <see langword="null"/> when it did not settle.</summary>
    public Settlement? Settlement { get; private set; }

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        Settle(new Settlement.Complete());

    public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default)
    {
        TimeSpan after = MessageHandler.RetryAt(propertiesToModify ?? new Dictionary<string, object>()) - timeProvider.GetUtcNow() ?? TimeSpan.Zero;
        return Settle(new Settlement.Retry(after > TimeSpan.Zero ? after : TimeSpan.Zero));
    }

    public override Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = default, string? deadLetterReason = default, string? deadLetterErrorDescription = default, CancellationToken cancellationToken = default) =>
        Settle(new Settlement.DeadLetter(deadLetterErrorDescription ?? deadLetterReason ?? "The function gave no reason."));

    public override Task DeferMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Only Service Bus can defer a message; abandon it instead.");

    // The consumer renews the lock of every message that it holds.
    public override Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    private Task Settle(Settlement settlement)
    {
        Settlement = settlement;
        return Task.CompletedTask;
    }
}
