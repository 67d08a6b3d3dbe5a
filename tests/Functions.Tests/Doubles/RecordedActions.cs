using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Tests.Doubles;

/// <summary>Takes down how a message was settled.</summary>
internal sealed class RecordedActions : ServiceBusMessageActions
{
    public List<string> Calls { get; } = [];

    public IDictionary<string, object>? Properties { get; private set; }

    public string? Description { get; private set; }

    /// <summary>Runs before a settlement, so that a test can look at the world at that moment.</summary>
    public Action? Before { get; set; }

    public override Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) => Record("complete");

    public override Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = default, CancellationToken cancellationToken = default)
    {
        Properties = propertiesToModify;
        return Record("abandon");
    }

    public override Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, Dictionary<string, object>? propertiesToModify = default, string? deadLetterReason = default, string? deadLetterErrorDescription = default, CancellationToken cancellationToken = default)
    {
        Description = deadLetterErrorDescription;
        return Record("dead-letter");
    }

    private Task Record(string call)
    {
        Before?.Invoke();
        Calls.Add(call);
        return Task.CompletedTask;
    }
}
