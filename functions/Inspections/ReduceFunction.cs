using Azure.Messaging.ServiceBus;
using CloudPipe.Functions.Hosting;
using CloudPipe.Functions.Messages;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Inspections;

/// <summary>Makes an inspection's result once its last prediction is there, for every message of the queue <c>reduce</c>.</summary>
/// <param name="handler">Runs the step and settles the message.</param>
/// <param name="step">Reduces.</param>
public sealed class ReduceFunction(MessageHandler handler, ReduceStep step)
{
    /// <summary>Handles one message.</summary>
    /// <param name="message">A <see cref="ReduceMessage"/>.</param>
    /// <param name="actions">Settle it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("Reduce")]
    public Task RunAsync(
        [ServiceBusTrigger(QueueNames.Reduce, Connection = Connections.ServiceBus, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => handler.HandleAsync<ReduceMessage>(message, actions, step.HandleAsync, cancellationToken);
}
