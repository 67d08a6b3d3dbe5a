using System.Diagnostics;
using CloudPipe.Messages;
using CloudPipe.Telemetry;

namespace CloudPipe.Queues;

/// <summary>What every step does with queues.</summary>
public static class MessageQueueExtensions
{
    /// <summary>Sends a message within a span of its own: the message carries the span's context, so that its step becomes the span's child.</summary>
    /// <typeparam name="T">The message's type.</typeparam>
    /// <param name="queue">The queues.</param>
    /// <param name="id">Deterministic: a repeat of the same work carries the same id.</param>
    /// <param name="message">The message; its type decides which queue carries it.</param>
    /// <param name="delay">How long the message stays invisible first.</param>
    /// <param name="cancellationToken">Stops waiting; the message may have been sent.</param>
    public static async Task SendAsync<T>(this IMessageQueue queue, string id, T message, TimeSpan delay = default, CancellationToken cancellationToken = default)
        where T : Message
    {
        string name = QueueNames.Of<T>();
        using Activity? span = CloudPipeTrace.StartSend(queue.TransportName, name, id, TraceSubject.Of(message));
        var outgoing = new OutgoingMessage(id, MessageSerializer.Serialize(message), delay) { Traceparent = CloudPipeTrace.CurrentTraceparent ?? message.Traceparent };
        try
        {
            await queue.SendAsync(name, outgoing, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            span.Fail(exception);
            throw;
        }
    }

    /// <summary>Whether some queue has a message that is not settled, visible or not.</summary>
    /// <param name="queue">The queues.</param>
    /// <param name="names">Which of them.</param>
    /// <param name="cancellationToken">Stops asking.</param>
    /// <returns>Whether some has; dead letters do not count.</returns>
    public static async Task<bool> HasPendingAsync(this IMessageQueue queue, IEnumerable<string> names, CancellationToken cancellationToken = default)
    {
        foreach (string name in names)
        {
            if ((await queue.GetStatisticsAsync(name, cancellationToken).ConfigureAwait(false)).Pending > 0)
            {
                return true;
            }
        }

        return false;
    }
}
