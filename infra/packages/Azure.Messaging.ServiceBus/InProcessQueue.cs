using Azure.Messaging.ServiceBus.Administration;

namespace Azure.Messaging.ServiceBus;

/// <summary>A queue of the broker inside this process, or the dead-letter queue of one.</summary>
internal sealed class InProcessQueue
{
    private const int LargestMessage = 256 * 1024; // bytes, the limit of the Standard tier
    private const int LongestId = 128; // characters

    private readonly Lock _lock = new();
    private readonly CreateQueueOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly SortedDictionary<long, Entry> _entries = [];
    private readonly Dictionary<string, DateTimeOffset> _sentIds = [];
    private readonly InProcessQueue? _deadLetters;
    private long _sequence;

    public InProcessQueue(CreateQueueOptions options, TimeProvider timeProvider)
        : this(options, timeProvider, isDeadLetterQueue: false)
    {
    }

    private InProcessQueue(CreateQueueOptions options, TimeProvider timeProvider, bool isDeadLetterQueue)
    {
        _options = options;
        _timeProvider = timeProvider;
        _deadLetters = isDeadLetterQueue ? null : new InProcessQueue(options, timeProvider, isDeadLetterQueue: true);
    }

    public CreateQueueOptions Options => _options;

    public InProcessQueue DeadLetters => _deadLetters ?? throw new InvalidOperationException("A dead-letter queue has no dead letters of its own.");

    public (long Active, long Scheduled) Count()
    {
        lock (_lock)
        {
            Refresh();
            long scheduled = _entries.Values.Count(entry => entry.State == ServiceBusMessageState.Scheduled);
            return (_entries.Count - scheduled, scheduled);
        }
    }

    public long Send(ServiceBusMessage message, DateTimeOffset scheduledEnqueueTime)
    {
        long size = message.Body.ToMemory().Length + message.ApplicationProperties.Sum(property => (property.Key.Length * 2) + ((property.Value as string)?.Length * 2 ?? 8));
        if (size > LargestMessage)
        {
            throw new ServiceBusException($"The message '{message.MessageId}' has {size} bytes; the limit is {LargestMessage}.", ServiceBusFailureReason.MessageSizeExceeded, _options.Name);
        }

        if (message.MessageId?.Length > LongestId)
        {
            throw new ArgumentException($"MessageId has {message.MessageId.Length} characters; the limit is {LongestId}.", nameof(message));
        }

        lock (_lock)
        {
            DateTimeOffset now = Refresh();
            long sequence = ++_sequence;
            if (IsRepeat(message.MessageId, now))
            {
                return sequence;
            }

            bool scheduled = scheduledEnqueueTime > now;
            _entries.Add(sequence, new Entry
            {
                Sequence = sequence,
                // Copied: the sender may use its object again.
                Message = Copy(message),
                EnqueuedTime = scheduled ? scheduledEnqueueTime : now,
                ScheduledEnqueueTime = scheduledEnqueueTime,
                State = scheduled ? ServiceBusMessageState.Scheduled : ServiceBusMessageState.Active,
            });
            return sequence;
        }
    }

    public void CancelScheduled(long sequence)
    {
        lock (_lock)
        {
            Refresh();
            if (!_entries.TryGetValue(sequence, out Entry? entry) || entry.State != ServiceBusMessageState.Scheduled)
            {
                throw new ServiceBusException($"No scheduled message has the sequence number {sequence}.", ServiceBusFailureReason.MessageNotFound, _options.Name);
            }

            _entries.Remove(sequence);
        }
    }

    public IReadOnlyList<ServiceBusReceivedMessage> Receive(int maxMessages, ServiceBusReceiveMode mode)
    {
        lock (_lock)
        {
            DateTimeOffset now = Refresh();
            Entry[] taken = [.. _entries.Values.Where(entry => entry.State == ServiceBusMessageState.Active && entry.LockToken is null).Take(maxMessages)];
            foreach (Entry entry in taken)
            {
                entry.DeliveryCount++;
                entry.LockToken = Guid.NewGuid();
                entry.LockedUntil = now + _options.LockDuration;
                if (mode == ServiceBusReceiveMode.ReceiveAndDelete)
                {
                    _entries.Remove(entry.Sequence);
                }
            }

            return [.. taken.Select(Received)];
        }
    }

    public IReadOnlyList<ServiceBusReceivedMessage> Peek(int maxMessages, long fromSequence)
    {
        lock (_lock)
        {
            Refresh();
            return [.. _entries.Values.Where(entry => entry.Sequence >= fromSequence).Take(maxMessages).Select(Received)];
        }
    }

    public void Complete(Guid lockToken)
    {
        lock (_lock)
        {
            _entries.Remove(Held(lockToken).Sequence);
        }
    }

    public DateTimeOffset Renew(Guid lockToken)
    {
        lock (_lock)
        {
            return Held(lockToken).LockedUntil = _timeProvider.GetUtcNow() + _options.LockDuration;
        }
    }

    public void Abandon(Guid lockToken, IDictionary<string, object>? propertiesToModify)
    {
        lock (_lock)
        {
            Entry entry = Held(lockToken);
            Modify(entry, propertiesToModify);
            Release(entry);
        }
    }

    public void DeadLetter(Guid lockToken, IDictionary<string, object>? propertiesToModify, string? reason, string? description)
    {
        lock (_lock)
        {
            Entry entry = Held(lockToken);
            Modify(entry, propertiesToModify);
            Bury(entry, reason, description);
        }
    }

    private static ServiceBusMessage Copy(ServiceBusMessage message)
    {
        var copy = new ServiceBusMessage(message.Body)
        {
            MessageId = message.MessageId,
            SessionId = message.SessionId,
            CorrelationId = message.CorrelationId,
            Subject = message.Subject,
            To = message.To,
            ContentType = message.ContentType,
            ReplyTo = message.ReplyTo,
            TimeToLive = message.TimeToLive,
        };
        foreach ((string key, object value) in message.ApplicationProperties)
        {
            copy.ApplicationProperties[key] = value;
        }

        return copy;
    }

    private static ServiceBusReceivedMessage Received(Entry entry) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        body: entry.Message.Body,
        messageId: entry.Message.MessageId,
        sessionId: entry.Message.SessionId,
        timeToLive: entry.Message.TimeToLive,
        correlationId: entry.Message.CorrelationId,
        subject: entry.Message.Subject,
        to: entry.Message.To,
        contentType: entry.Message.ContentType,
        replyTo: entry.Message.ReplyTo,
        scheduledEnqueueTime: entry.ScheduledEnqueueTime,
        properties: entry.Message.ApplicationProperties,
        lockTokenGuid: entry.LockToken ?? Guid.Empty,
        deliveryCount: entry.DeliveryCount,
        lockedUntil: entry.LockedUntil,
        sequenceNumber: entry.Sequence,
        enqueuedSequenceNumber: entry.Sequence,
        enqueuedTime: entry.EnqueuedTime,
        serviceBusMessageState: entry.State);

    private static void Modify(Entry entry, IDictionary<string, object>? properties)
    {
        foreach ((string key, object value) in properties ?? new Dictionary<string, object>())
        {
            entry.Message.ApplicationProperties[key] = value;
        }
    }

    private Entry Held(Guid lockToken)
    {
        Refresh();
        return _entries.Values.FirstOrDefault(entry => entry.LockToken == lockToken)
            ?? throw new ServiceBusException(
                "The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.",
                ServiceBusFailureReason.MessageLockLost,
                _options.Name);
    }

    /// <summary>Lets happen what time has brought: scheduled messages appear, locks and messages expire.</summary>
    private DateTimeOffset Refresh()
    {
        DateTimeOffset now = _timeProvider.GetUtcNow();
        foreach (Entry entry in _entries.Values.ToArray())
        {
            if (entry.State == ServiceBusMessageState.Scheduled && entry.ScheduledEnqueueTime <= now)
            {
                entry.State = ServiceBusMessageState.Active;
            }

            if (entry.LockToken is not null && entry.LockedUntil <= now)
            {
                Release(entry);
            }

            TimeSpan lifetime = entry.Message.TimeToLive < _options.DefaultMessageTimeToLive ? entry.Message.TimeToLive : _options.DefaultMessageTimeToLive;
            if (_deadLetters is not null && entry.LockToken is null && now - entry.EnqueuedTime >= lifetime && _entries.Remove(entry.Sequence)
                && _options.DeadLetteringOnMessageExpiration)
            {
                Bury(entry, "TTLExpiredException", "The message expired and was dead lettered.");
            }
        }

        return now;
    }

    private void Release(Entry entry)
    {
        entry.LockToken = null;
        if (_deadLetters is not null && entry.DeliveryCount >= _options.MaxDeliveryCount)
        {
            Bury(entry, "MaxDeliveryCountExceeded", $"Message could not be consumed after {entry.DeliveryCount} delivery attempts.");
        }
    }

    private void Bury(Entry entry, string? reason, string? description)
    {
        if (_deadLetters is null)
        {
            throw new InvalidOperationException("A message of a dead-letter queue cannot be dead-lettered.");
        }

        _entries.Remove(entry.Sequence);
        entry.LockToken = null;
        entry.State = ServiceBusMessageState.Active;
        SetOrKeep(entry, ServiceBusReceivedMessage.DeadLetterReasonKey, reason);
        SetOrKeep(entry, ServiceBusReceivedMessage.DeadLetterErrorDescriptionKey, description);
        lock (_deadLetters._lock)
        {
            entry.Sequence = ++_deadLetters._sequence;
            _deadLetters._entries.Add(entry.Sequence, entry);
        }
    }

    private static void SetOrKeep(Entry entry, string key, string? value)
    {
        if (value is not null)
        {
            entry.Message.ApplicationProperties[key] = value;
        }
    }

    private bool IsRepeat(string? messageId, DateTimeOffset now)
    {
        if (!_options.RequiresDuplicateDetection || messageId is null)
        {
            return false;
        }

        foreach (string old in _sentIds.Where(sent => now - sent.Value >= _options.DuplicateDetectionHistoryTimeWindow).Select(sent => sent.Key).ToArray())
        {
            _sentIds.Remove(old);
        }

        return !_sentIds.TryAdd(messageId, now);
    }

    private sealed class Entry
    {
        public long Sequence { get; set; }

        public required ServiceBusMessage Message { get; init; }

        public DateTimeOffset EnqueuedTime { get; init; }

        public DateTimeOffset ScheduledEnqueueTime { get; init; }

        public ServiceBusMessageState State { get; set; }

        public int DeliveryCount { get; set; }

        public Guid? LockToken { get; set; }

        public DateTimeOffset LockedUntil { get; set; }
    }
}
