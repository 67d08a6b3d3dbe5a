using System.Text;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;

namespace CloudPipe.Webhooks;

/// <summary>Delivers an event again, whatever became of it before.</summary>
/// <param name="store">Where the events are kept.</param>
/// <param name="queue">Carries the new attempt.</param>
/// <param name="log">The attempts so far.</param>
public sealed class DeliveryReplay(IBlobStore store, IMessageQueue queue, DeliveryLog log)
{
    /// <summary>Sends one more attempt, with the event's own id.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The new attempt's number, or <see langword="null"/> when the event is not kept.</returns>
    /// <exception cref="ArgumentException">An id has not the form of one.</exception>
    public async Task<int?> ReplayAsync(string eventId, string endpointId, CancellationToken cancellationToken = default)
    {
        if (!DeliveryLog.IsEventId(eventId) || !WebhookEndpointValidator.IsId(endpointId))
            throw new ArgumentException("An event's or an endpoint's id holds only a-z, 0-9, hyphens and, an event's, full stops.");

        byte[]? json = await store.ReadBytesAsync(DeliveryLog.EventPath(eventId), cancellationToken).ConfigureAwait(false);
        if (json is null)
            return null;

        IReadOnlyList<DeliveryAttempt> attempts = await log.ListAsync(eventId, endpointId, cancellationToken).ConfigureAwait(false);

        // Past the schedule even when attempts are still due: a number that both used would be made only once.
        int attempt = Math.Max(attempts.Count == 0 ? 0 : attempts[^1].Attempt, DeliverySchedule.Attempts) + 1;
        var message = new DeliverMessage(endpointId, eventId, Encoding.UTF8.GetString(json), attempt);
        await queue.SendAsync(message.Id, message, cancellationToken: cancellationToken).ConfigureAwait(false);
        return attempt;
    }
}
