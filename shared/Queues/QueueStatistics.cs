namespace CloudPipe.Queues;

/// <summary>How full a queue is; a cloud transport's figures are approximate.</summary>
/// <param name="Pending">Messages waiting or held: everything that is not dead.</param>
/// <param name="DeadLetters">Messages set aside.</param>
public sealed record QueueStatistics(long Pending, long DeadLetters);
