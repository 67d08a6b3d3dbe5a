using CloudPipe.Storage;

namespace CloudPipe.Webhooks;

/// <summary>What was delivered, and what was tried: one blob per event and one per attempt.</summary>
/// <param name="store">Where the webhooks container is.</param>
public sealed class DeliveryLog(IBlobStore store)
{
    /// <summary>Where an event is kept for replay.</summary>
    /// <param name="eventId">The event.</param>
    /// <returns>The blob.</returns>
    public static BlobPath EventPath(string eventId) => new(BlobContainers.Webhooks, $"deliveries/{eventId}/event.json");

    /// <summary>Where an attempt is logged.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="attempt">Which attempt, from 1.</param>
    /// <returns>The blob.</returns>
    public static BlobPath AttemptPath(string eventId, string endpointId, int attempt) =>
        new(BlobContainers.Webhooks, $"{AttemptPrefix(eventId, endpointId)}{attempt:D4}.json");

    /// <summary>Whether a text may be an event's id, and so stand in a path.</summary>
    /// <param name="text">The text.</param>
    /// <returns>Whether it has 1 to 100 characters of a-z, 0-9, hyphen and single full stops between others.</returns>
    public static bool IsEventId(string text) =>
        text.Length is > 0 and <= 100 && text.Split('.').All(Inspections.InspectionId.IsWellFormed);

    /// <summary>Reads one attempt.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="attempt">Which attempt, from 1.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The attempt, or <see langword="null"/> when it has not been made.</returns>
    public Task<DeliveryAttempt?> FindAsync(string eventId, string endpointId, int attempt, CancellationToken cancellationToken = default) =>
        store.ReadJsonAsync<DeliveryAttempt>(AttemptPath(eventId, endpointId, attempt), cancellationToken);

    /// <summary>Logs an attempt; of two that made the same one, the first stays.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task WriteAsync(DeliveryAttempt attempt, CancellationToken cancellationToken = default) =>
        store.WriteJsonAsync(AttemptPath(attempt.EventId, attempt.EndpointId, attempt.Attempt), attempt, WriteCondition.IfAbsent, cancellationToken);

    /// <summary>Reads every attempt to deliver an event to an endpoint.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="endpointId">The endpoint.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The attempts, first to last.</returns>
    public async Task<IReadOnlyList<DeliveryAttempt>> ListAsync(string eventId, string endpointId, CancellationToken cancellationToken = default)
    {
        var attempts = new List<DeliveryAttempt>();
        await foreach (BlobProperties blob in store.ListAllAsync(BlobContainers.Webhooks, AttemptPrefix(eventId, endpointId), cancellationToken).ConfigureAwait(false))
        {
            if (await store.ReadJsonAsync<DeliveryAttempt>(blob.Path, cancellationToken).ConfigureAwait(false) is DeliveryAttempt attempt)
                attempts.Add(attempt);
        }

        return attempts;
    }

    /// <summary>Reads every attempt to deliver an event, whatever the endpoint.</summary>
    /// <param name="eventId">The event.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The attempts, endpoint by endpoint, first to last.</returns>
    public async Task<IReadOnlyList<DeliveryAttempt>> ListAsync(string eventId, CancellationToken cancellationToken = default)
    {
        var attempts = new List<DeliveryAttempt>();
        await foreach (BlobProperties blob in store.ListAllAsync(BlobContainers.Webhooks, $"deliveries/{eventId}/", cancellationToken).ConfigureAwait(false))
        {
            if (blob.Path != EventPath(eventId) && await store.ReadJsonAsync<DeliveryAttempt>(blob.Path, cancellationToken).ConfigureAwait(false) is DeliveryAttempt attempt)
                attempts.Add(attempt);
        }

        return attempts;
    }

    private static string AttemptPrefix(string eventId, string endpointId) => $"deliveries/{eventId}/{endpointId}/";
}
