using System.Globalization;
using Azure.Messaging.ServiceBus;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Messages;

/// <summary>Runs a step for a message and carries out the <see cref="Settlement"/> that its end calls for.</summary>
/// <param name="runner">Runs the step and chooses.</param>
/// <param name="timeProvider">Tells the time.</param>
public sealed class MessageHandler(StepRunner runner, TimeProvider timeProvider)
{
    /// <summary>
    /// The property of an abandoned message that says when to try again (ISO 8601). Service Bus shows an abandoned message
    /// at once, so the next delivery waits the rest of the time; a transport that can hide messages reads it and does so.
    /// </summary>
    public const string RetryAtProperty = "cloudpipe-retry-at";

    // What Service Bus stores as a dead letter's reason and description.
    private const int LongestDescription = 4096;

    /// <summary>Handles one message; never throws for what the step does.</summary>
    /// <typeparam name="T">The message's type.</typeparam>
    /// <param name="message">The message as received.</param>
    /// <param name="actions">Settle it.</param>
    /// <param name="step">Does the work.</param>
    /// <param name="cancellationToken">Stops the work; the message is given back then.</param>
    public async Task HandleAsync<T>(ServiceBusReceivedMessage message, ServiceBusMessageActions actions, Func<T, CancellationToken, Task> step, CancellationToken cancellationToken)
        where T : Message
    {
        Settlement settlement = await runner.RunAsync<T>(message.Body.ToString(), message.DeliveryCount, RunWhenDueAsync, cancellationToken).ConfigureAwait(false);

        // A host that is stopping must still hear what became of the message.
        switch (settlement)
        {
            case Settlement.Complete:
                await actions.CompleteMessageAsync(message, CancellationToken.None).ConfigureAwait(false);
                break;
            case Settlement.Retry retry:
                var properties = new Dictionary<string, object> { [RetryAtProperty] = (timeProvider.GetUtcNow() + retry.After).ToString("O", CultureInfo.InvariantCulture) };
                await actions.AbandonMessageAsync(message, properties, CancellationToken.None).ConfigureAwait(false);
                break;
            case Settlement.DeadLetter dead:
                string description = dead.Reason.Length <= LongestDescription ? dead.Reason : dead.Reason[..LongestDescription];
                await actions.DeadLetterMessageAsync(message, null, typeof(T).Name, description, CancellationToken.None).ConfigureAwait(false);
                break;
        }

        async Task RunWhenDueAsync(T content, CancellationToken stop)
        {
            TimeSpan wait = RetryAt(message.ApplicationProperties) - timeProvider.GetUtcNow() ?? TimeSpan.Zero;
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, timeProvider, stop).ConfigureAwait(false);
            }

            await step(content, stop).ConfigureAwait(false);
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
}
