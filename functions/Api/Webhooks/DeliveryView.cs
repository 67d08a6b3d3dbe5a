using CloudPipe.Webhooks;

namespace CloudPipe.Functions.Api.Webhooks;

/// <summary>What became of an event's delivery.</summary>
/// <param name="EventId">The event.</param>
/// <param name="Attempts">Every attempt so far, endpoint by endpoint, first to last.</param>
public sealed record DeliveryView(string EventId, IReadOnlyList<DeliveryAttempt> Attempts);
