namespace Azure.Messaging.ServiceBus.Administration;

public class CreateQueueOptions
{
    public CreateQueueOptions(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
    }

    public string Name { get; set; }

    public TimeSpan LockDuration { get; set; } = TimeSpan.FromSeconds(60);

    public int MaxDeliveryCount { get; set; } = 10;

    public bool RequiresDuplicateDetection { get; set; }

    public TimeSpan DuplicateDetectionHistoryTimeWindow { get; set; } = TimeSpan.FromMinutes(1);

    public TimeSpan DefaultMessageTimeToLive { get; set; } = TimeSpan.MaxValue;

    public bool DeadLetteringOnMessageExpiration { get; set; }
}
