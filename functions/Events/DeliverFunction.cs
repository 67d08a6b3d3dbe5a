using Azure.Messaging.ServiceBus;
using CloudPipe.Functions.Hosting;
using CloudPipe.Functions.Messages;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Webhooks;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Events;

/// <summary>Calls one webhook endpoint for every message of the queue <c>deliver</c>.</summary>
/// <param name="handler">Runs the step and settles the message.</param>
/// <param name="step">Delivers.</param>
public sealed class DeliverFunction(MessageHandler handler, DeliverStep step)
{
    /// <summary>Handles one message.</summary>
    /// <param name="message">A <see cref="DeliverMessage"/>.</param>
    /// <param name="actions">Settle it.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("Deliver")]
    public Task RunAsync(
        [ServiceBusTrigger(QueueNames.Deliver, Connection = Connections.ServiceBus, AutoCompleteMessages = false)] ServiceBusReceivedMessage message,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => handler.HandleAsync<DeliverMessage>(message, actions, step.HandleAsync, cancellationToken);
}
