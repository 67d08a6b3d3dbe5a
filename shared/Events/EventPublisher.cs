using System.Diagnostics;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Telemetry;
using CloudPipe.Webhooks;

namespace CloudPipe.Events;

/// <summary>
/// Hands an event to the events queue and to every webhook endpoint that wants it. Publishing again is harmless: the ids
/// of the messages are the same, and an endpoint that has the event already is not called twice.
/// </summary>
/// <param name="store">Keeps the event for replay.</param>
/// <param name="queue">Carries the event.</param>
/// <param name="webhooks">The endpoints.</param>
public sealed class EventPublisher(IBlobStore store, IMessageQueue queue, WebhookStore webhooks)
{
    /// <summary>Publishes an event.</summary>
    /// <param name="cloudEvent">The event.</param>
    /// <param name="cancellationToken">Stops waiting; part of it may have been sent.</param>
    public async Task PublishAsync(CloudEvent cloudEvent, CancellationToken cancellationToken = default)
    {
        string json = await SendAsync(cloudEvent, cancellationToken).ConfigureAwait(false);
        IReadOnlyList<WebhookEndpoint> endpoints = [.. (await webhooks.ListRecentAsync(cancellationToken).ConfigureAwait(false)).Where(endpoint => endpoint.Wants(cloudEvent.Type))];
        if (endpoints.Count == 0)
            return;

        await store.WriteBytesAsync(DeliveryLog.EventPath(cloudEvent.Id), System.Text.Encoding.UTF8.GetBytes(json), WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false);
        foreach (WebhookEndpoint endpoint in endpoints)
        {
            var message = new DeliverMessage(endpoint.Id, cloudEvent.Id, json, Attempt: 1);
            await queue.SendAsync(message.Id, message, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    // The event carries the context of the span that sends it, to the queue and to webhooks alike.
    private async Task<string> SendAsync(CloudEvent cloudEvent, CancellationToken cancellationToken)
    {
        using Activity? span = CloudPipeTrace.StartSend(queue.TransportName, QueueNames.Events, cloudEvent.Id, TraceSubject.OfEvent(cloudEvent.Id));
        string? traceparent = CloudPipeTrace.CurrentTraceparent;
        string json = (cloudEvent with { Traceparent = traceparent }).ToJson();
        try
        {
            await queue.SendAsync(QueueNames.Events, new OutgoingMessage(cloudEvent.Id, json) { Traceparent = traceparent }, cancellationToken).ConfigureAwait(false);
            return json;
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }
}
