namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceivedMessage
{
    internal const string DeadLetterReasonKey = "DeadLetterReason";
    internal const string DeadLetterErrorDescriptionKey = "DeadLetterErrorDescription";

    internal ServiceBusReceivedMessage()
    {
    }

    public BinaryData Body { get; internal init; } = BinaryData.Empty;

    public string MessageId { get; internal init; } = string.Empty;

    public string? PartitionKey { get; internal init; }

    public string? SessionId { get; internal init; }

    public string? ReplyToSessionId { get; internal init; }

    public TimeSpan TimeToLive { get; internal init; }

    public string? CorrelationId { get; internal init; }

    public string? Subject { get; internal init; }

    public string? To { get; internal init; }

    public string? ContentType { get; internal init; }

    public string? ReplyTo { get; internal init; }

    public DateTimeOffset ScheduledEnqueueTime { get; internal init; }

    public IReadOnlyDictionary<string, object> ApplicationProperties { get; internal init; } = new Dictionary<string, object>();

    public string LockToken => LockTokenGuid.ToString();

    public int DeliveryCount { get; internal init; }

    public DateTimeOffset LockedUntil { get; internal set; }

    public long SequenceNumber { get; internal init; }

    public string? DeadLetterSource { get; internal init; }

    public long EnqueuedSequenceNumber { get; internal init; }

    public DateTimeOffset EnqueuedTime { get; internal init; }

    public DateTimeOffset ExpiresAt => TimeToLive >= DateTimeOffset.MaxValue - EnqueuedTime ? DateTimeOffset.MaxValue : EnqueuedTime + TimeToLive;

    public string? DeadLetterReason => ApplicationProperties.GetValueOrDefault(DeadLetterReasonKey) as string;

    public string? DeadLetterErrorDescription => ApplicationProperties.GetValueOrDefault(DeadLetterErrorDescriptionKey) as string;

    public ServiceBusMessageState State { get; internal init; }

    internal Guid LockTokenGuid { get; init; }

    public override string ToString() => $"{{MessageId:{MessageId}}}";
}
