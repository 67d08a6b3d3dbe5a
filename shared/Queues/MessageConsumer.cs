using System.Diagnostics;
using CloudPipe.Telemetry;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Queues;

/// <summary>
/// Feeds the messages of one queue to a handler: holds no more than it handles, renews their locks, cancels a handler
/// whose lock is lost, and carries out what <see cref="SettlementPolicy"/> chooses.
/// </summary>
/// <param name="messages">The transport.</param>
/// <param name="queue">The queue; see <see cref="QueueNames"/>.</param>
/// <param name="queueOptions">How the queue treats its messages; the same that the transport was given.</param>
/// <param name="options">How many at once, and how patient.</param>
/// <param name="timeProvider">The clock of the idle waits.</param>
/// <param name="logger">Hears of retries, dead letters and lost locks.</param>
/// <param name="handle">
/// The work. It must bear repeats. Its token is cancelled when the process stops and when the lock is lost: then it ends
/// with an <see cref="OperationCanceledException"/> and writes nothing more.
/// </param>
/// <param name="onDeadLetter">
/// Runs before a message is set aside and is given the reason: it records the failure. When it fails, the message is
/// given back instead and both are tried again.
/// </param>
public sealed partial class MessageConsumer(
    IMessageQueue messages,
    string queue,
    QueueOptions queueOptions,
    MessageConsumerOptions options,
    TimeProvider timeProvider,
    ILogger<MessageConsumer> logger,
    Func<ReceivedMessage, CancellationToken, Task> handle,
    Func<ReceivedMessage, string, CancellationToken, Task> onDeadLetter)
{
    private const int LargestBatch = 32;
    private static readonly TimeSpan _settlementRetry = TimeSpan.FromSeconds(5);

    // A cloud queue answers from one of its servers, which may hold none of the messages that wait at another.
    private const int EmptyLooks = 3;

    private readonly SettlementPolicy _policy = new(queueOptions.MaxDeliveryCount);

    /// <summary>Consumes until it is told to stop. Messages in hand are then given back at once.</summary>
    /// <param name="stopping">Stops the consumer.</param>
    /// <returns>A task that ends, without an exception, when every message in hand is settled.</returns>
    public Task RunAsync(CancellationToken stopping) => Task.Run(() => ConsumeAsync(mayEnd: false, CancellationToken.None, stopping), CancellationToken.None);

    /// <summary>Consumes until the queue is found empty, or no more messages shall be taken; those in hand are then handled to their ends.</summary>
    /// <param name="closing">From its cancellation on, no message is taken.</param>
    /// <param name="stopping">Stops the consumer as in <see cref="RunAsync"/>.</param>
    /// <returns>A task that ends, without an exception, when every message in hand is settled.</returns>
    public Task DrainAsync(CancellationToken closing, CancellationToken stopping) =>
        Task.Run(() => ConsumeAsync(mayEnd: true, closing, stopping), CancellationToken.None);

    private async Task ConsumeAsync(bool mayEnd, CancellationToken closing, CancellationToken stopping)
    {
        using var renewer = new LockRenewer(messages, queue, queueOptions.VisibilityTimeout, logger);
        using var slots = new SemaphoreSlim(options.Concurrency);
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, timeProvider);
        using CancellationTokenRegistration stop = stopping.Register(() => patience.CancelAfter(options.StopTimeout));
        using var noMore = CancellationTokenSource.CreateLinkedTokenSource(stopping, closing);
        var work = new HashSet<Task>();
        TimeSpan idle = options.ShortestIdle;
        int emptyLooks = 0;
        try
        {
            while (!mayEnd || emptyLooks < EmptyLooks || work.Count > 0)
            {
                await slots.WaitAsync(noMore.Token).ConfigureAwait(false);
                // A handler that the stop has ended may free its slot before this wait hears of the stop.
                noMore.Token.ThrowIfCancellationRequested();
                int free = 1;
                while (free < LargestBatch && slots.Wait(0, CancellationToken.None))
                {
                    free++;
                }

                work.RemoveWhere(task => task.IsCompleted);
                long receivedAt = Stopwatch.GetTimestamp();
                IReadOnlyList<ReceivedMessage> received = await ReceiveAsync(free).ConfigureAwait(false);
                foreach (ReceivedMessage message in received)
                {
                    LockRenewer.HeldMessage held = renewer.Hold(message, receivedAt, stopping);
                    work.Add(Task.Run(() => ProcessAsync(message, held, slots, patience.Token), CancellationToken.None));
                }

                if (received.Count < free)
                {
                    slots.Release(free - received.Count);
                }

                if (received.Count > 0)
                {
                    idle = options.ShortestIdle;
                    emptyLooks = 0;
                    continue;
                }

                emptyLooks++;
                await Task.Delay(idle, timeProvider, noMore.Token).ConfigureAwait(false);
                idle = idle * 2 < options.LongestIdle ? idle * 2 : options.LongestIdle;
            }
        }
        catch (OperationCanceledException) when (noMore.IsCancellationRequested)
        {
            await Task.WhenAll(work).ConfigureAwait(false);
        }
    }

    private async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(int maxMessages)
    {
        try
        {
            // Not cancelled by the stop: messages taken by a call that nobody waits for would stay hidden.
            return await messages.ReceiveAsync(queue, maxMessages, queueOptions.VisibilityTimeout, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogReceiveFailed(exception, queue);
            return [];
        }
    }

    private async Task ProcessAsync(ReceivedMessage message, LockRenewer.HeldMessage held, SemaphoreSlim slots, CancellationToken outOfPatience)
    {
        try
        {
            using (held)
            {
                (Settlement settlement, bool isHandlersChoice) = message.DeliveryCount > queueOptions.MaxDeliveryCount
                    ? (new Settlement.DeadLetter(QueueOptions.ExhaustedReason(message.DeliveryCount - 1)), false)
                    : await HandleAsync(message, held, outOfPatience).ConfigureAwait(false);
                if (settlement is Settlement.DeadLetter dead)
                {
                    settlement = await RecordAsync(message, dead, held).ConfigureAwait(false);
                }

                // A handler that chooses counts by itself.
                if (settlement is Settlement.DeadLetter && !isHandlersChoice)
                {
                    CloudPipeMeter.CountDeadLetter(queue);
                }

                held.Release();
                if (held.IsLost)
                {
                    LogLockLost(message.Id, queue);
                    return;
                }

                await SettleAsync(message, settlement).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            LogSettlementFailed(exception, message.Id, queue);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task<(Settlement Settlement, bool IsHandlersChoice)> HandleAsync(ReceivedMessage message, LockRenewer.HeldMessage held, CancellationToken outOfPatience)
    {
        Exception? failure = null;
        try
        {
            Task work = Task.Run(() => handle(message, held.Token), CancellationToken.None);
            await work.WaitAsync(outOfPatience).ConfigureAwait(false);
        }
        catch (OperationCanceledException exception) when (!held.Token.IsCancellationRequested)
        {
            // A time-out inside the handler, not our doing: it counts as a failure.
            failure = new TimeoutException("The handler gave up waiting for something.", exception);
        }
        catch (Exception exception)
        {
            // What fails once the token is cancelled fails because of it.
            failure = held.Token.IsCancellationRequested && exception is not OperationCanceledException
                ? new OperationCanceledException("The handler was cancelled.", exception)
                : exception;
        }

        Settlement settlement = _policy.Choose(failure, message.DeliveryCount);
        if (settlement is Settlement.Retry retry)
        {
            LogRetry(failure is OperationCanceledException ? null : failure, message.Id, queue, message.DeliveryCount, retry.After);
        }

        return (settlement, failure is SettlementException);
    }

    private async Task<Settlement> RecordAsync(ReceivedMessage message, Settlement.DeadLetter settlement, LockRenewer.HeldMessage held)
    {
        LogDeadLetter(message.Id, queue, settlement.Reason);
        try
        {
            await onDeadLetter(message, settlement.Reason, held.Token).ConfigureAwait(false);
            return settlement;
        }
        catch (Exception exception)
        {
            LogRecordingFailed(exception, message.Id, queue);
            return new Settlement.Retry(held.Token.IsCancellationRequested ? TimeSpan.Zero : _settlementRetry);
        }
    }

    private async Task SettleAsync(ReceivedMessage message, Settlement settlement)
    {
        switch (settlement)
        {
            case Settlement.Complete:
                if (!await messages.CompleteAsync(message, CancellationToken.None).ConfigureAwait(false))
                {
                    LogLockLost(message.Id, queue);
                }

                break;
            case Settlement.Retry retry:
                await messages.AbandonAsync(message, retry.After, CancellationToken.None).ConfigureAwait(false);
                break;
            case Settlement.DeadLetter dead:
                await messages.DeadLetterAsync(message, dead.Reason, CancellationToken.None).ConfigureAwait(false);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Queue {Queue} could not be read; it is asked again.")]
    private partial void LogReceiveFailed(Exception exception, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lock on message {MessageId} of queue {Queue} was lost: its work is left to whoever holds it now.")]
    private partial void LogLockLost(string messageId, string queue);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {MessageId} of queue {Queue} is given back after delivery {DeliveryCount}, visible again after {Delay}.")]
    private partial void LogRetry(Exception? exception, string messageId, string queue, int deliveryCount, TimeSpan delay);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} of queue {Queue} is set aside: {Reason}")]
    private partial void LogDeadLetter(string messageId, string queue, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The failure of message {MessageId} of queue {Queue} could not be recorded; it is given back and tried again.")]
    private partial void LogRecordingFailed(Exception exception, string messageId, string queue);

    [LoggerMessage(Level = LogLevel.Error, Message = "Message {MessageId} of queue {Queue} could not be settled; it returns when its lock expires.")]
    private partial void LogSettlementFailed(Exception exception, string messageId, string queue);
}
