namespace Azure.Messaging.ServiceBus;

public class ServiceBusMessage
{
    public ServiceBusMessage()
        : this(BinaryData.Empty)
    {
    }

    public ServiceBusMessage(string body)
        : this(BinaryData.FromString(body))
    {
    }

    public ServiceBusMessage(ReadOnlyMemory<byte> body)
        : this(BinaryData.FromBytes(body))
    {
    }

    public ServiceBusMessage(BinaryData body)
    {
        ArgumentNullException.ThrowIfNull(body);
        Body = body;
    }

    public ServiceBusMessage(ServiceBusReceivedMessage receivedMessage)
    {
        ArgumentNullException.ThrowIfNull(receivedMessage);
        Body = receivedMessage.Body;
        MessageId = receivedMessage.MessageId;
        SessionId = receivedMessage.SessionId;
        CorrelationId = receivedMessage.CorrelationId;
        Subject = receivedMessage.Subject;
        To = receivedMessage.To;
        ContentType = receivedMessage.ContentType;
        ReplyTo = receivedMessage.ReplyTo;
        TimeToLive = receivedMessage.TimeToLive;
        foreach ((string key, object value) in receivedMessage.ApplicationProperties)
        {
            // The broker adds these on dead-lettering; a message sent anew is alive.
            if (key is not (ServiceBusReceivedMessage.DeadLetterReasonKey or ServiceBusReceivedMessage.DeadLetterErrorDescriptionKey))
            {
                ApplicationProperties[key] = value;
            }
        }
    }

    public BinaryData Body { get; set; }

    public string? MessageId { get; set; } = Guid.NewGuid().ToString("N");

    public string? SessionId { get; set; }

    public string? CorrelationId { get; set; }

    public string? Subject { get; set; }

    public string? To { get; set; }

    public string? ContentType { get; set; }

    public string? ReplyTo { get; set; }

    public TimeSpan TimeToLive { get; set; } = TimeSpan.MaxValue;

    public DateTimeOffset ScheduledEnqueueTime { get; set; }

    public IDictionary<string, object> ApplicationProperties { get; } = new Dictionary<string, object>();

    public override string ToString() => $"{{MessageId:{MessageId}}}";
}
