namespace CloudPipe.Functions.Api.Webhooks;

/// <summary>An event is on its way again.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Attempts">One attempt for each endpoint.</param>
public sealed record DeliveryReplayed(string EventId, IReadOnlyList<ReplayedAttempt> Attempts);
