namespace CloudPipe.Webhooks;

/// <summary>One attempt to deliver an event: <c>webhooks/deliveries/&lt;event&gt;/&lt;endpoint&gt;/&lt;attempt&gt;.json</c>.</summary>
/// <param name="EventId">The event.</param>
/// <param name="EndpointId">The endpoint.</param>
/// <param name="Attempt">Which attempt, from 1.</param>
/// <param name="Host">The endpoint's host; the rest of its URL may hold a secret.</param>
/// <param name="StartedAt">When it started.</param>
/// <param name="DurationMilliseconds">How long it took.</param>
/// <param name="StatusCode">The HTTP status, or <see langword="null"/> when no answer came.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Error">What went wrong, for a person.</param>
/// <param name="NextAttemptAfter">How long after the end of this attempt the next one is due.</param>
public sealed record DeliveryAttempt(
    string EventId,
    string EndpointId,
    int Attempt,
    string Host,
    DateTimeOffset StartedAt,
    double DurationMilliseconds,
    int? StatusCode,
    DeliveryOutcome Outcome,
    string? Error,
    TimeSpan? NextAttemptAfter);
