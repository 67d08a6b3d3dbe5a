namespace CloudPipe.Queues;

/// <summary>A message that this process holds until its lock expires.</summary>
/// <param name="Queue">The queue it came from.</param>
/// <param name="Id">The sender's id.</param>
/// <param name="Body">The body as sent.</param>
/// <param name="DeliveryCount">How often it has been received, this time included: 1 at first.</param>
/// <param name="EnqueuedAt">When it was sent.</param>
/// <param name="Receipt">What the adapter needs to settle it; opaque.</param>
public sealed record ReceivedMessage(string Queue, string Id, string Body, int DeliveryCount, DateTimeOffset EnqueuedAt, object Receipt);
