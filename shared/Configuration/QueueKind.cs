namespace CloudPipe.Configuration;

/// <summary>What carries messages between the steps.</summary>
public enum QueueKind
{
    /// <summary>A SQLite file on this machine.</summary>
    Sqlite,

    /// <summary>Azure Storage Queues, or Azurite.</summary>
    StorageQueues,

    /// <summary>Azure Service Bus.</summary>
    ServiceBus,
}
