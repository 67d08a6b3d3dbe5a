namespace Azure.Messaging.ServiceBus.Administration;

public class QueueProperties
{
    internal QueueProperties(CreateQueueOptions options)
    {
        Name = options.Name;
        LockDuration = options.LockDuration;
        MaxDeliveryCount = options.MaxDeliveryCount;
        RequiresDuplicateDetection = options.RequiresDuplicateDetection;
        DuplicateDetectionHistoryTimeWindow = options.DuplicateDetectionHistoryTimeWindow;
        DefaultMessageTimeToLive = options.DefaultMessageTimeToLive;
        DeadLetteringOnMessageExpiration = options.DeadLetteringOnMessageExpiration;
    }

    public string Name { get; }

    public TimeSpan LockDuration { get; set; }

    public int MaxDeliveryCount { get; set; }

    public bool RequiresDuplicateDetection { get; }

    public TimeSpan DuplicateDetectionHistoryTimeWindow { get; set; }

    public TimeSpan DefaultMessageTimeToLive { get; set; }

    public bool DeadLetteringOnMessageExpiration { get; set; }
}
