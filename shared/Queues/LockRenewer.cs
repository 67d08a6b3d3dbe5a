using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Queues;

/// <summary>
/// Renews the locks of held messages from a thread of its own, so that handlers that keep the thread pool busy do not
/// lose theirs. Locks run out in real time, hence no injected clock.
/// </summary>
internal sealed partial class LockRenewer : IDisposable
{
    private readonly IMessageQueue _messages;
    private readonly TimeSpan _visibilityTimeout;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly List<HeldMessage> _held = [];
    private bool _disposed;

    public LockRenewer(IMessageQueue messages, string queue, TimeSpan visibilityTimeout, ILogger logger)
    {
        _messages = messages;
        _visibilityTimeout = visibilityTimeout;
        _logger = logger;
        _thread = new Thread(Renew) { IsBackground = true, Name = $"Lock renewal of queue {queue}", Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    // Two renewals may fail before the lock is lost.
    private TimeSpan Interval => _visibilityTimeout / 3;

    /// <summary>Keeps a message's lock until the returned object is disposed.</summary>
    /// <param name="message">A message that was received at <paramref name="receivedAt"/>.</param>
    /// <param name="receivedAt">A <see cref="Stopwatch"/> time stamp from before the receive.</param>
    /// <param name="stopping">Cancels the handler too.</param>
    public HeldMessage Hold(ReceivedMessage message, long receivedAt, CancellationToken stopping)
    {
        var held = new HeldMessage(this, message, receivedAt, stopping);
        lock (_held)
        {
            _held.Add(held);
            Monitor.Pulse(_held);
        }

        return held;
    }

    public void Dispose()
    {
        lock (_held)
        {
            _disposed = true;
            Monitor.Pulse(_held);
        }

        _thread.Join();
    }

    private void Renew()
    {
        while (NextDue() is { } held)
        {
            held.Renew();
        }
    }

    /// <summary>Waits for the next message that is due.</summary>
    /// <returns>The message, or <see langword="null"/> at the end.</returns>
    private HeldMessage? NextDue()
    {
        lock (_held)
        {
            while (!_disposed)
            {
                HeldMessage? first = _held.MinBy(held => held.RenewedAt);
                TimeSpan wait = first is null ? Timeout.InfiniteTimeSpan : Interval - Stopwatch.GetElapsedTime(first.RenewedAt);
                if (first is not null && wait <= TimeSpan.Zero)
                {
                    return first;
                }

                // Rounded up: a wait of a fraction of a millisecond would spin.
                Monitor.Wait(_held, first is null ? Timeout.Infinite : (int)Math.Ceiling(wait.TotalMilliseconds));
            }

            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lock on message {MessageId} of queue {Queue} could not be renewed; it is tried again until it expires.")]
    private static partial void LogRenewalFailed(ILogger logger, Exception exception, string messageId, string queue);

    /// <summary>A message whose lock is being renewed.</summary>
    internal sealed class HeldMessage : IDisposable
    {
        private readonly LockRenewer _renewer;
        private readonly ReceivedMessage _message;
        private readonly CancellationTokenSource _cancellation;
        private readonly Lock _renewal = new();
        private long _lockedAt;
        private bool _released;
        private Task _cancelling = Task.CompletedTask;

        public HeldMessage(LockRenewer renewer, ReceivedMessage message, long receivedAt, CancellationToken stopping)
        {
            _renewer = renewer;
            _message = message;
            _lockedAt = receivedAt;
            RenewedAt = receivedAt;
            _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        }

        /// <summary>When a renewal was last tried.</summary>
        public long RenewedAt { get; private set; }

        /// <summary>Whether another consumer may hold the message now.</summary>
        public bool IsLost { get; private set; }

        /// <summary>Cancelled when the lock is lost or the process stops.</summary>
        public CancellationToken Token => _cancellation.Token;

        public void Renew()
        {
            lock (_renewal)
            {
                if (_released)
                {
                    return;
                }

                long now = Stopwatch.GetTimestamp();
                RenewedAt = now;
                try
                {
                    _renewer._messages.RenewAsync(_message, _renewer._visibilityTimeout, CancellationToken.None).GetAwaiter().GetResult();
                    _lockedAt = now;
                }
                catch (MessageLockLostException)
                {
                    Lose();
                }
                catch (Exception exception)
                {
                    LogRenewalFailed(_renewer._logger, exception, _message.Id, _message.Queue);
                    if (Stopwatch.GetElapsedTime(_lockedAt) >= _renewer._visibilityTimeout)
                    {
                        Lose();
                    }
                }
            }
        }

        /// <summary>Stops renewing; waits for a renewal under way, which would change the receipt.</summary>
        public void Release()
        {
            lock (_renewal)
            {
                _released = true;
            }

            lock (_renewer._held)
            {
                _renewer._held.Remove(this);
            }
        }

        public void Dispose()
        {
            Release();
            // Unhooks the token from the one that lives as long as the process.
            _cancelling.ContinueWith(_ => _cancellation.Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        private void Lose()
        {
            IsLost = true;
            lock (_renewer._held)
            {
                _renewer._held.Remove(this);
            }

            // What is registered on the token runs elsewhere: other locks wait for this thread.
            _cancelling = _cancellation.CancelAsync();
        }
    }
}
