using System.Diagnostics;

namespace Azure.Messaging.ServiceBus;

public class ServiceBusReceiver : IAsyncDisposable
{
    private static readonly TimeSpan _defaultWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _look = TimeSpan.FromMilliseconds(5);

    private readonly InProcessBroker? _broker;
    private readonly SubQueue _subQueue;
    private readonly string _queueName = string.Empty;

    internal ServiceBusReceiver(InProcessBroker broker, string queueName, ServiceBusReceiverOptions options, string fullyQualifiedNamespace)
    {
        _broker = broker;
        _queueName = queueName;
        _subQueue = options.SubQueue;
        ReceiveMode = options.ReceiveMode;
        PrefetchCount = options.PrefetchCount;
        FullyQualifiedNamespace = fullyQualifiedNamespace;
        EntityPath = options.SubQueue == SubQueue.DeadLetter ? $"{queueName}/$DeadLetterQueue" : queueName;
    }

    protected ServiceBusReceiver()
    {
    }

    public virtual string FullyQualifiedNamespace { get; } = string.Empty;

    public virtual string EntityPath { get; } = string.Empty;

    public virtual ServiceBusReceiveMode ReceiveMode { get; }

    public virtual int PrefetchCount { get; }

    public virtual bool IsClosed { get; private set; }

    private InProcessQueue Queue
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            InProcessQueue queue = _broker?.Find(_queueName) ?? throw new InvalidOperationException("This receiver was made for mocking.");
            return _subQueue == SubQueue.DeadLetter ? queue.DeadLetters : queue;
        }
    }

    public virtual async Task<ServiceBusReceivedMessage?> ReceiveMessageAsync(TimeSpan? maxWaitTime = default, CancellationToken cancellationToken = default) =>
        (await ReceiveMessagesAsync(1, maxWaitTime, cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    public virtual async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveMessagesAsync(int maxMessages, TimeSpan? maxWaitTime = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        if (maxWaitTime is { } wait)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(wait, TimeSpan.Zero, nameof(maxWaitTime));
        }

        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<ServiceBusReceivedMessage> received = Queue.Receive(maxMessages, ReceiveMode);
            if (received.Count > 0 || Stopwatch.GetElapsedTime(start) >= (maxWaitTime ?? _defaultWait))
            {
                return received;
            }

            await Task.Delay(_look, cancellationToken).ConfigureAwait(false);
        }
    }

    public virtual async Task<ServiceBusReceivedMessage?> PeekMessageAsync(long? fromSequenceNumber = default, CancellationToken cancellationToken = default) =>
        (await PeekMessagesAsync(1, fromSequenceNumber, cancellationToken).ConfigureAwait(false)).FirstOrDefault();

    public virtual Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekMessagesAsync(int maxMessages, long? fromSequenceNumber = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        return Task.Run(() => Queue.Peek(maxMessages, fromSequenceNumber ?? 0), cancellationToken);
    }

    public virtual Task CompleteMessageAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(message, queue => queue.Complete(message.LockTokenGuid), cancellationToken);

    public virtual Task AbandonMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        SettleAsync(message, queue => queue.Abandon(message.LockTokenGuid, propertiesToModify), cancellationToken);

    public virtual Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object>? propertiesToModify = null, CancellationToken cancellationToken = default) =>
        SettleAsync(message, queue => queue.DeadLetter(message.LockTokenGuid, propertiesToModify, null, null), cancellationToken);

    public virtual Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, IDictionary<string, object> propertiesToModify, string deadLetterReason, string? deadLetterErrorDescription = default, CancellationToken cancellationToken = default) =>
        SettleAsync(message, queue => queue.DeadLetter(message.LockTokenGuid, propertiesToModify, deadLetterReason, deadLetterErrorDescription), cancellationToken);

    public virtual Task DeadLetterMessageAsync(ServiceBusReceivedMessage message, string deadLetterReason, string? deadLetterErrorDescription = default, CancellationToken cancellationToken = default) =>
        SettleAsync(message, queue => queue.DeadLetter(message.LockTokenGuid, null, deadLetterReason, deadLetterErrorDescription), cancellationToken);

    public virtual Task RenewMessageLockAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken = default) =>
        SettleAsync(message, queue => message.LockedUntil = queue.Renew(message.LockTokenGuid), cancellationToken);

    public virtual Task CloseAsync(CancellationToken cancellationToken = default)
    {
        IsClosed = true;
        return Task.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private Task SettleAsync(ServiceBusReceivedMessage message, Action<InProcessQueue> settle, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (ReceiveMode != ServiceBusReceiveMode.PeekLock)
        {
            throw new InvalidOperationException($"The operation is only supported in {ServiceBusReceiveMode.PeekLock} receive mode.");
        }

        return Task.Run(() => settle(Queue), cancellationToken);
    }
}
