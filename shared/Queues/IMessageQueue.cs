namespace CloudPipe.Queues;

/// <summary>
/// How the steps hand work to one another: SQLite on a workstation, Azure Storage Queues or Azure Service Bus elsewhere.
/// Delivery is at least once; one contract suite holds every adapter to the behaviour described here.
/// </summary>
public interface IMessageQueue
{
    /// <summary>The transport's name in traces: <c>messaging.system</c> as OpenTelemetry's conventions spell it, where they know it.</summary>
    string TransportName => "unknown";

    /// <summary>Creates the queues that are not there yet.</summary>
    /// <param name="queues">Their names; see <see cref="QueueNames"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CreateQueuesAsync(IEnumerable<string> queues, CancellationToken cancellationToken = default);

    /// <summary>
    /// Sends a message. A repeat with the id of a message that still waits may be dropped; one whose like is held, dead or
    /// done is not.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Stops waiting; the message may have been sent.</param>
    Task SendAsync(string queue, OutgoingMessage message, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes the next visible messages, hiding them from other consumers. A message that has been received
    /// <see cref="QueueOptions.DeliveryLimit"/> times already is dead-lettered instead: a consumer has given it up before,
    /// after <see cref="QueueOptions.MaxDeliveryCount"/>, unless every one of them died.
    /// </summary>
    /// <param name="queue">The queue.</param>
    /// <param name="maxMessages">At most this many, 1 to 32.</param>
    /// <param name="visibilityTimeout">How long they stay hidden unless renewed.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The messages; empty at once when none is visible.</returns>
    Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string queue, int maxMessages, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default);

    /// <summary>Hides a held message for longer.</summary>
    /// <param name="message">The message.</param>
    /// <param name="visibilityTimeout">How long from now.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="MessageLockLostException">It is no longer held by this consumer.</exception>
    Task RenewAsync(ReceivedMessage message, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default);

    /// <summary>Removes a message whose work is done. Harmless when the lock is lost or the message already gone.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether this call removed it.</returns>
    Task<bool> CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken = default);

    /// <summary>Gives a message back. Harmless when the lock is lost.</summary>
    /// <param name="message">The message.</param>
    /// <param name="delay">How long it stays invisible.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task AbandonAsync(ReceivedMessage message, TimeSpan delay = default, CancellationToken cancellationToken = default);

    /// <summary>Sets a message aside. Harmless when the lock is lost.</summary>
    /// <param name="message">The message.</param>
    /// <param name="reason">Why, for a person.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken = default);

    /// <summary>Shows messages that were set aside, oldest first, without taking them.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="maxMessages">At most this many.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The dead letters.</returns>
    Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string queue, int maxMessages = 100, CancellationToken cancellationToken = default);

    /// <summary>Sends a dead letter again with a delivery count of zero and removes it from the dead letters.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="messageId">Its id, or <see langword="null"/> for all of the queue's dead letters.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>How many were requeued.</returns>
    Task<int> RequeueAsync(string queue, string? messageId, CancellationToken cancellationToken = default);

    /// <summary>Counts a queue's messages.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The figures.</returns>
    Task<QueueStatistics> GetStatisticsAsync(string queue, CancellationToken cancellationToken = default);

    /// <summary>Finds out since when the message has waited that a consumer could have taken first: the age of the backlog.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>
    /// The time; <see langword="null"/> when none waits, or the transport does not tell. Azure Storage Queues tell when the
    /// message was sent, even if it was sent to become visible later; Service Bus counts messages that are held, too.
    /// </returns>
    Task<DateTimeOffset?> FindWaitingSinceAsync(string queue, CancellationToken cancellationToken = default) => Task.FromResult<DateTimeOffset?>(null);
}
