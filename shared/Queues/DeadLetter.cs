namespace CloudPipe.Queues;

/// <summary>A message that was set aside, with the reason; it stays until somebody requeues it.</summary>
/// <param name="Queue">The queue it came from.</param>
/// <param name="Id">The sender's id.</param>
/// <param name="Body">The body as sent.</param>
/// <param name="Reason">Why, for a person.</param>
/// <param name="DeliveryCount">How often it had been received.</param>
/// <param name="DeadLetteredAt">When it was set aside.</param>
public sealed record DeadLetter(string Queue, string Id, string Body, string Reason, int DeliveryCount, DateTimeOffset DeadLetteredAt);
