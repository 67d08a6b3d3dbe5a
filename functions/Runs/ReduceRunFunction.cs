using Azure.Messaging.ServiceBus;
using CloudPipe.Functions.Hosting;
using CloudPipe.Functions.Messages;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Runs;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Runs;

/// <summary>Makes a training run's release once its last fold is there, for every message of the queue <c>reduce-run</c>.</summary>
/// <param name="handler">Runs the step and settles the message.</param>
/// <param name="step">Reduces.</param>
public sealed class ReduceRunFunction(MessageHandler handler, ReduceRunStep step)
{
    /// <summary>Handles one message.</summary>
    /// <param name="message">A <see cref="ReduceRunMessage"/>.</param>
    /// <param name="actions">Settle it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("ReduceRun")]
    public Task RunAsync(
        [ServiceBusTrigger(QueueNames.ReduceRun, Connection = Connections.ServiceBus, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => handler.HandleAsync<ReduceRunMessage>(message, actions, step.HandleAsync, cancellationToken);
}
