namespace CloudPipe.Webhooks;

/// <summary>Somebody's URL that wants events: <c>webhooks/endpoints/&lt;id&gt;.json</c>, or an entry of the configuration.</summary>
/// <param name="Id">1 to 40 characters of a-z, 0-9 and hyphen.</param>
/// <param name="Url">Where to post.</param>
/// <param name="Secrets">One or more <c>whsec_…</c>: each signs, so that a receiver can change over from one to the next.</param>
/// <param name="EventTypes">The event types wanted; empty or <see langword="null"/> for all.</param>
public sealed record WebhookEndpoint(string Id, Uri Url, IReadOnlyList<string> Secrets, IReadOnlyList<string>? EventTypes = null)
{
    /// <summary>Why nothing is delivered any more, or <see langword="null"/> while it is.</summary>
    public string? DisabledReason { get; init; }

    /// <summary>Whether an event of this type is to be delivered here.</summary>
    /// <param name="eventType">The event's type.</param>
    /// <returns>Whether the endpoint is enabled and wants it.</returns>
    public bool Wants(string eventType) =>
        DisabledReason is null && (EventTypes is null or { Count: 0 } || EventTypes.Contains(eventType, StringComparer.Ordinal));

    /// <summary>Names the endpoint without its secrets, and without the URL's path and query, which may hold some.</summary>
    /// <returns>Text fit for a log.</returns>
    public override string ToString() => $"{Id} ({Url.Scheme}://{Url.Authority})";
}
