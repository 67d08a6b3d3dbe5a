using System.Globalization;
using Azure.Messaging.ServiceBus;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Functions.Messages;

/// <summary>Runs a step for a message, lets <see cref="SettlementPolicy"/> choose what becomes of the message, and carries that out.</summary>
/// <param name="runner">Runs the step, and records inspections that are given up.</param>
/// <param name="claims">Keeps the bodies that are too large for a message.</param>
/// <param name="options">How often a message is delivered.</param>
/// <param name="timeProvider">Tells the time.</param>
/// <param name="logger">Hears of retries and dead letters.</param>
public sealed partial class MessageHandler(StepRunner runner, ClaimCheck claims, QueueOptions options, TimeProvider timeProvider, ILogger<MessageHandler> logger)
{
    /// <summary>
    /// The property of an abandoned message that says when to try again (ISO 8601). Service Bus shows an abandoned message
    /// at once, so the next delivery waits the rest of the time; a transport that can hide messages reads it and does so.
    /// </summary>
    public const string RetryAtProperty = "cloudpipe-retry-at";

    // What Service Bus stores as a dead letter's description.
    private const int LongestDescription = 4096;

    private static readonly TimeSpan _recordingRetry = TimeSpan.FromSeconds(5);

    private readonly SettlementPolicy _policy = new(options.MaxDeliveryCount);

    /// <summary>Handles one message; never throws for what the step does.</summary>
    /// <typeparam name="T">The message's type.</typeparam>
    /// <param name="message">The message as received.</param>
    /// <param name="actions">Settle it.</param>
    /// <param name="step">Does the work.</param>
    /// <param name="cancellationToken">Stops the work; the message is given back then.</param>
    public async Task HandleAsync<T>(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, Func<T, CancellationToken, Task> step, CancellationToken cancellationToken)
        where T : Message
    {
        (string? body, Settlement? fault) = await ReadBodyAsync(message, cancellationToken).ConfigureAwait(false);
        Settlement settlement = fault
            ?? (message.DeliveryCount > options.MaxDeliveryCount
                ? new Settlement.DeadLetter(QueueOptions.ExhaustedReason(message.DeliveryCount - 1))
                : await RunAsync(message, body!, step, cancellationToken).ConfigureAwait(false));
        if (settlement is Settlement.DeadLetter dead)
        {
            LogDeadLetter(message.MessageId, dead.Reason);
            settlement = body is null ? dead : await RecordAsync(body, dead, cancellationToken).ConfigureAwait(false);
        }

        await SettleAsync(message, actions, settlement).ConfigureAwait(false);
        switch (settlement)
        {
            case Settlement.Complete:
                await DropBodyAsync(message).ConfigureAwait(false);
                break;
            case Settlement.DeadLetter:
                // The body stays: a dead letter may be requeued.
                CloudPipeMeter.CountDeadLetter(QueueNames.Of<T>());
                break;
        }
    }

    /// <summary>Reads <see cref="RetryAtProperty"/>.</summary>
    /// <param name="properties">A message's properties.</param>
    /// <returns>When to try again, or <see langword="null"/> when the properties do not say.</returns>
    public static DateTimeOffset? RetryAt(IEnumerable<KeyValuePair<string, object>> properties) =>
        properties.FirstOrDefault(property => property.Key == RetryAtProperty).Value is string text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTimeOffset retryAt)
            ? retryAt
            : null;

    // What the message itself does not say cannot be recorded either: the sweep finds the dead letter of a body that is gone.
    private async Task<(string? Body, Settlement? Fault)> ReadBodyAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        try
        {
            string? body = await ServiceBusMessageQueue.ReadBodyAsync(message, claims, cancellationToken).ConfigureAwait(false);
            return (body, body is null ? new Settlement.DeadLetter(ServiceBusMessageQueue.MissingBodyReason(message)) : null);
        }
        catch (Exception exception)
        {
            return (null, Choose(message, exception, cancellationToken));
        }
    }

    // Only once the message is done: until then it may come again. A body that stays behind is removed by its container's
    // life-cycle rule.
    private async Task DropBodyAsync(ServiceBusReceivedMessage message)
    {
        try
        {
            await ServiceBusMessageQueue.DropBodyAsync(message, claims, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogBodyStays(exception, message.MessageId);
        }
    }

    private async Task<Settlement> RunAsync<T>(ServiceBusReceivedMessage message, string body, Func<T, CancellationToken, Task> step, CancellationToken cancellationToken)
        where T : Message
    {
        try
        {
            await WaitUntilDueAsync(message, cancellationToken).ConfigureAwait(false);
            var delivery = new ReceivedMessage(QueueNames.Of<T>(), message.MessageId, body, message.DeliveryCount, message.EnqueuedTime, message);
            await runner.RunAsync(delivery, step, cancellationToken).ConfigureAwait(false);
            return Choose(message, null, cancellationToken);
        }
        catch (Exception exception)
        {
            return Choose(message, exception, cancellationToken);
        }
    }

    private Settlement Choose(ServiceBusReceivedMessage message, Exception? failure, CancellationToken cancellationToken)
    {
        if (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            failure = new TimeoutException("The step gave up waiting for something.", failure);
        }

        Settlement settlement = _policy.Choose(failure, message.DeliveryCount);
        if (settlement is Settlement.Retry retry)
        {
            LogRetry(failure is OperationCanceledException ? null : failure, message.MessageId, message.DeliveryCount, retry.After);
        }

        return settlement;
    }

    private async Task WaitUntilDueAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken)
    {
        TimeSpan? wait = RetryAt(message.ApplicationProperties) - timeProvider.GetUtcNow();
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait.Value, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<Settlement> RecordAsync(string body, Settlement.DeadLetter settlement, CancellationToken cancellationToken)
    {
        try
        {
            await runner.RecordFailureAsync(body, settlement.Reason, cancellationToken).ConfigureAwait(false);
            return settlement;
        }
        catch (Exception exception)
        {
            LogRecordingFailed(exception);
            return new Settlement.Retry(_recordingRetry);
        }
    }

    // Without the step's token: a host that is stopping must still hear what became of the message.
    private Task SettleAsync(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, Settlement settlement) => settlement switch
    {
        Settlement.Retry retry => actions.AbandonMessageAsync(message, RetryProperties(retry.After), CancellationToken.None),
        Settlement.DeadLetter dead => actions.DeadLetterMessageAsync(message, null, "GivenUp", Shorten(dead.Reason), CancellationToken.None),
        _ => actions.CompleteMessageAsync(message, CancellationToken.None),
    };

    private Dictionary<string, object> RetryProperties(TimeSpan after) =>
        new() { [RetryAtProperty] = (timeProvider.GetUtcNow() + after).ToString("O", CultureInfo.InvariantCulture) };

    private static string Shorten(string reason) => reason.Length <= LongestDescription ? reason : reason[..LongestDescription];

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} is given back after delivery {DeliveryCount}, to be tried again after {Delay}.")]
    private partial void LogRetry(Exception? exception, string messageId, int deliveryCount, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} is set aside: {Reason}")]
    private partial void LogDeadLetter(string messageId, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} is done; its body, which is kept in the container claims, could not be removed and is left to the container's life-cycle rule.")]
    private partial void LogBodyStays(Exception exception, string messageId);

    [LoggerMessage(Level = LogLevel.Error, Message = "The failed result could not be written; the message is given back and both are tried again.")]
    private partial void LogRecordingFailed(Exception exception);
}
