using Azure.Messaging.ServiceBus;
using CloudPipe.Functions.Hosting;
using CloudPipe.Functions.Messages;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shards;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Inspections;

/// <summary>Cuts one shard's frames for every message of the queue <c>cut</c>.</summary>
/// <param name="handler">Runs the step and settles the message.</param>
/// <param name="step">Cuts.</param>
public sealed class CutShardFunction(MessageHandler handler, CutShardStep step)
{
    /// <summary>Handles one message.</summary>
    /// <param name="message">A <see cref="CutMessage"/>.</param>
    /// <param name="actions">Settle it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("CutShard")]
    public Task RunAsync(
        [ServiceBusTrigger(QueueNames.Cut, Connection = Connections.ServiceBus, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => handler.HandleAsync<CutMessage>(message, actions, step.RunAsync, cancellationToken);
}
