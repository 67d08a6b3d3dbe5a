using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Configuration;

/// <summary>Section <c>CloudPipe:Queue</c>: what carries messages between the steps.</summary>
public sealed class QueueTransportOptions : IValidatableObject
{
    /// <summary>What carries messages: <c>sqlite</c>, <c>storageQueues</c> or <c>serviceBus</c>.</summary>
    /// <value><c>sqlite</c> by default.</value>
    public QueueKind Kind { get; set; } = QueueKind.Sqlite;

    /// <summary>The SQLite file, for <c>sqlite</c>.</summary>
    /// <value><c>.cloudpipe/queue.db</c> in the bucket's folder by default.</value>
    public string? File { get; set; }

    /// <summary>Whether a process that starts makes the queues that are not there; no where a deployment makes them and identities may not.</summary>
    /// <value>Yes by default.</value>
    public bool CreateQueues { get; set; } = true;

    /// <summary>The storage account's or the Service Bus namespace's connection string.</summary>
    /// <value>For <c>storageQueues</c> <c>Storage:ConnectionString</c>, unless <c>Queue:AccountUrl</c> is set; else none.</value>
    public string? ConnectionString { get; set; }

    /// <summary>The account's queue address, for <c>storageQueues</c> with a managed identity: <c>https://ACCOUNT.queue.core.windows.net</c>.</summary>
    /// <value>None by default.</value>
    public Uri? AccountUrl { get; set; }

    /// <summary>The namespace's host name, for <c>serviceBus</c> with a managed identity: <c>NAME.servicebus.windows.net</c>.</summary>
    /// <value>None by default.</value>
    public string? Namespace { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        bool hasConnectionString = !string.IsNullOrEmpty(ConnectionString);
        if (Kind == QueueKind.StorageQueues && hasConnectionString == (AccountUrl is not null))
        {
            yield return new ValidationResult(
                $"storageQueues needs exactly one of {nameof(ConnectionString)} and {nameof(AccountUrl)}", [nameof(Kind)]);
        }

        if (Kind == QueueKind.ServiceBus && hasConnectionString == !string.IsNullOrEmpty(Namespace))
        {
            yield return new ValidationResult(
                $"serviceBus needs exactly one of {nameof(ConnectionString)} and {nameof(Namespace)}", [nameof(Kind)]);
        }
    }
}
