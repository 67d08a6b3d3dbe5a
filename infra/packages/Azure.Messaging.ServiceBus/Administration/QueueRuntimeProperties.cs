namespace Azure.Messaging.ServiceBus.Administration;

public class QueueRuntimeProperties
{
    internal QueueRuntimeProperties(string name, long active, long scheduled, long deadLetters)
    {
        Name = name;
        ActiveMessageCount = active;
        ScheduledMessageCount = scheduled;
        DeadLetterMessageCount = deadLetters;
    }

    public string Name { get; }

    public long TotalMessageCount => ActiveMessageCount + ScheduledMessageCount + DeadLetterMessageCount;

    public long ActiveMessageCount { get; }

    public long DeadLetterMessageCount { get; }

    public long ScheduledMessageCount { get; }
}
