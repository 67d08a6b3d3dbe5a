using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Azure.Core;
using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace CloudPipe.Queues;

/// <summary>Queues of Azure Service Bus. Bodies over 192 KiB are kept by <see cref="ClaimCheck"/>.</summary>
/// <remarks>
/// The time that a message stays hidden is the queue's lock duration, set when the queue is made from
/// <see cref="QueueOptions.VisibilityTimeout"/>; the times that callers pass are not used. The queues detect duplicates by
/// the transport's id, which every send draws anew: what the client sends again because an answer was lost arrives once,
/// and what a step sends again always arrives, since it may bring news that nobody has seen.
/// </remarks>
public sealed class ServiceBusMessageQueue : IMessageQueue, IAsyncDisposable
{
    // The service knows only whole messages; what CloudPipe adds travels as application properties.
    private const string IdProperty = "cloudpipe-id";
    private const string ClaimProperty = "cloudpipe-claim";
    private const string DeliveriesProperty = "cloudpipe-deliveries";
    private const string EnqueuedAtProperty = "cloudpipe-enqueued-at";
    private const string DeadLetteredAtProperty = "cloudpipe-dead-lettered-at";

    // Where Azure's own clients, and with them the Functions host, look for the trace that a message belongs to: the
    // second one before they knew the W3C's. They leave a message alone that has either.
    private const string TraceparentProperty = "traceparent";
    private const string DiagnosticIdProperty = "Diagnostic-Id";

    private const int LargestBody = 192 * 1024; // bytes; with properties below the Standard tier's 256 KiB
    private const int LongestReason = 4096; // characters
    private const int Batch = 100;

    // A receive of Service Bus waits for messages; shorter than a round trip it would find none.
    private static readonly TimeSpan _receiveWait = TimeSpan.FromMilliseconds(500);

    /// <summary>How long the service knows an id: longer than the client's four tries of a minute each, and what it waits between them.</summary>
    public static readonly TimeSpan DuplicateWindow = TimeSpan.FromMinutes(5);

    private readonly ServiceBusClient _client;
    private readonly ServiceBusAdministrationClient _administration;
    private readonly ClaimCheck _claims;
    private readonly QueueOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ConcurrentDictionary<string, ServiceBusSender> _senders = new();
    private readonly ConcurrentDictionary<(string Queue, SubQueue SubQueue), ServiceBusReceiver> _receivers = new();

    /// <summary>Stands on clients that are made already, and owns the first.</summary>
    /// <param name="client">The namespace.</param>
    /// <param name="administration">Makes and counts queues in the same namespace.</param>
    /// <param name="claims">Keeps large bodies.</param>
    /// <param name="options">How messages are treated.</param>
    /// <param name="timeProvider">Dates delays and dead letters; the system's clock by default.</param>
    public ServiceBusMessageQueue(ServiceBusClient client, ServiceBusAdministrationClient administration, ClaimCheck claims, QueueOptions options, TimeProvider? timeProvider = null)
    {
        _client = client;
        _administration = administration;
        _claims = claims;
        _options = options;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Connects with a shared key.</summary>
    /// <param name="connectionString">The connection string of the namespace.</param>
    /// <param name="claims">Keeps large bodies.</param>
    /// <param name="options">How messages are treated.</param>
    /// <returns>The queues.</returns>
    /// <exception cref="NotSupportedException">The build has no package Azure.Messaging.ServiceBus.</exception>
    public static ServiceBusMessageQueue Connect(string connectionString, ClaimCheck claims, QueueOptions options) =>
        new(new ServiceBusClient(connectionString), new ServiceBusAdministrationClient(connectionString), claims, options);

    /// <summary>Connects with an identity; it needs the role Azure Service Bus Data Owner to make and count queues.</summary>
    /// <param name="fullyQualifiedNamespace">The namespace, for example <c>name.servicebus.windows.net</c>.</param>
    /// <param name="credential">The identity.</param>
    /// <param name="claims">Keeps large bodies.</param>
    /// <param name="options">How messages are treated.</param>
    /// <returns>The queues.</returns>
    /// <exception cref="NotSupportedException">The build has no package Azure.Messaging.ServiceBus.</exception>
    public static ServiceBusMessageQueue Connect(string fullyQualifiedNamespace, TokenCredential credential, ClaimCheck claims, QueueOptions options) =>
        new(new ServiceBusClient(fullyQualifiedNamespace, credential), new ServiceBusAdministrationClient(fullyQualifiedNamespace, credential), claims, options);

    /// <inheritdoc/>
    public string TransportName => "servicebus";

    /// <inheritdoc/>
    public async Task CreateQueuesAsync(IEnumerable<string> queues, CancellationToken cancellationToken = default)
    {
        foreach (string queue in queues)
        {
            if (await _administration.QueueExistsAsync(queue, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            try
            {
                var options = new CreateQueueOptions(queue)
                {
                    LockDuration = _options.VisibilityTimeout,
                    MaxDeliveryCount = _options.DeliveryLimit,
                    RequiresDuplicateDetection = true,
                    DuplicateDetectionHistoryTimeWindow = DuplicateWindow,
                };
                await _administration.CreateQueueAsync(options, cancellationToken).ConfigureAwait(false);
            }
            catch (ServiceBusException exception) when (exception.Reason == ServiceBusFailureReason.MessagingEntityAlreadyExists)
            {
                // Another process was faster.
            }
        }
    }

    /// <inheritdoc/>
    public async Task SendAsync(string queue, OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(message.Id);
        ServiceBusMessage outgoing;
        if (Encoding.UTF8.GetByteCount(message.Body) > LargestBody)
        {
            outgoing = new ServiceBusMessage();
            outgoing.ApplicationProperties[ClaimProperty] = await _claims.KeepAsync(queue, message.Body, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            outgoing = new ServiceBusMessage(message.Body);
        }

        outgoing.MessageId = NewTransportId();
        outgoing.ContentType = "application/json";
        outgoing.ApplicationProperties[IdProperty] = message.Id;
        if (message.Traceparent is not null)
        {
            outgoing.ApplicationProperties[TraceparentProperty] = message.Traceparent;
            outgoing.ApplicationProperties[DiagnosticIdProperty] = message.Traceparent;
        }

        if (message.Delay > TimeSpan.Zero)
        {
            outgoing.ScheduledEnqueueTime = _timeProvider.GetUtcNow() + message.Delay;
        }

        await Sender(queue).SendMessageAsync(outgoing, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string queue, int maxMessages, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        ServiceBusReceiver receiver = Receiver(queue, SubQueue.None);
        var received = new List<ReceivedMessage>();
        foreach (ServiceBusReceivedMessage message in await receiver.ReceiveMessagesAsync(maxMessages, _receiveWait, cancellationToken).ConfigureAwait(false))
        {
            if (await OpenAsync(queue, message, receiver, cancellationToken).ConfigureAwait(false) is { } opened)
            {
                received.Add(opened);
            }
        }

        return received;
    }

    /// <inheritdoc/>
    public async Task RenewAsync(ReceivedMessage message, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        var receipt = (Receipt)message.Receipt;
        try
        {
            await receipt.Receiver.RenewMessageLockAsync(receipt.Message, cancellationToken).ConfigureAwait(false);
        }
        catch (ServiceBusException exception) when (IsLost(exception))
        {
            throw new MessageLockLostException(message, exception);
        }
    }

    /// <inheritdoc/>
    public Task<bool> CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken = default) => SettleAsync(message, async receipt =>
    {
        await receipt.Receiver.CompleteMessageAsync(receipt.Message, cancellationToken).ConfigureAwait(false);
        await _claims.DropAsync(receipt.Claim, cancellationToken).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public Task AbandonAsync(ReceivedMessage message, TimeSpan delay = default, CancellationToken cancellationToken = default) => SettleAsync(message, async receipt =>
    {
        if (delay <= TimeSpan.Zero)
        {
            await receipt.Receiver.AbandonMessageAsync(receipt.Message, cancellationToken: cancellationToken).ConfigureAwait(false);
            return;
        }

        // The service cannot delay a message that it has delivered: a copy takes its place. Renewing first proves that
        // the message is still held. In this order a crash doubles it; in the other it would lose it.
        await receipt.Receiver.RenewMessageLockAsync(receipt.Message, cancellationToken).ConfigureAwait(false);
        ServiceBusMessage copy = Copy(receipt.Message, message.DeliveryCount);
        copy.ApplicationProperties[EnqueuedAtProperty] = message.EnqueuedAt;
        copy.ScheduledEnqueueTime = _timeProvider.GetUtcNow() + delay;
        await Sender(message.Queue).SendMessageAsync(copy, cancellationToken).ConfigureAwait(false);
        await receipt.Receiver.CompleteMessageAsync(receipt.Message, cancellationToken).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public Task DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken = default) =>
        BuryAsync(message, reason, message.DeliveryCount, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string queue, int maxMessages = 100, CancellationToken cancellationToken = default)
    {
        var dead = new List<DeadLetter>();
        await foreach (ServiceBusReceivedMessage message in PeekDeadLettersAsync(queue, cancellationToken).ConfigureAwait(false))
        {
            if (dead.Count == maxMessages)
            {
                break;
            }

            string body = await ReadBodyAsync(message, cancellationToken).ConfigureAwait(false) ?? string.Empty;
            dead.Add(new DeadLetter(queue, IdOf(message), body, ReasonOf(message), DeliveriesOf(message, message.DeliveryCount), DeadLetteredAt(message)));
        }

        return dead;
    }

    /// <inheritdoc/>
    public async Task<int> RequeueAsync(string queue, string? messageId, CancellationToken cancellationToken = default)
    {
        // Known beforehand: what is dead-lettered again while this runs is not requeued for ever.
        var wanted = new HashSet<long>();
        await foreach (ServiceBusReceivedMessage message in PeekDeadLettersAsync(queue, cancellationToken).ConfigureAwait(false))
        {
            if (messageId is null || messageId == IdOf(message))
            {
                wanted.Add(message.SequenceNumber);
            }
        }

        ServiceBusReceiver receiver = Receiver(queue, SubQueue.DeadLetter);
        var others = new List<ServiceBusReceivedMessage>();
        int requeued = 0;
        while (requeued < wanted.Count
            && await receiver.ReceiveMessagesAsync(Batch, _receiveWait, cancellationToken).ConfigureAwait(false) is { Count: > 0 } received)
        {
            foreach (ServiceBusReceivedMessage message in received)
            {
                if (!wanted.Contains(message.SequenceNumber))
                {
                    // Held to the end: given back now, it would only come again.
                    others.Add(message);
                    continue;
                }

                await Sender(queue).SendMessageAsync(Copy(message, deliveries: 0), cancellationToken).ConfigureAwait(false);
                await receiver.CompleteMessageAsync(message, cancellationToken).ConfigureAwait(false);
                requeued++;
            }
        }

        foreach (ServiceBusReceivedMessage message in others)
        {
            await receiver.AbandonMessageAsync(message, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        return requeued;
    }

    /// <inheritdoc/>
    public async Task<QueueStatistics> GetStatisticsAsync(string queue, CancellationToken cancellationToken = default)
    {
        QueueRuntimeProperties figures = await _administration.GetQueueRuntimePropertiesAsync(queue, cancellationToken).ConfigureAwait(false);
        return new QueueStatistics(figures.ActiveMessageCount + figures.ScheduledMessageCount, figures.DeadLetterMessageCount);
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> FindWaitingSinceAsync(string queue, CancellationToken cancellationToken = default)
    {
        // Scheduled messages are among them.
        IReadOnlyList<ServiceBusReceivedMessage> first = await Receiver(queue, SubQueue.None).PeekMessagesAsync(Batch, 0, cancellationToken).ConfigureAwait(false);
        return first.FirstOrDefault(message => message.State == ServiceBusMessageState.Active)?.EnqueuedTime;
    }

    /// <summary>Reads the body of a message that another receiver, such as an Azure Function, has got.</summary>
    /// <param name="message">The message.</param>
    /// <param name="claims">Keeps large bodies.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The body as sent, or <see langword="null"/> when it was kept elsewhere and is gone.</returns>
    public static async Task<string?> ReadBodyAsync(ServiceBusReceivedMessage message, ClaimCheck claims, CancellationToken cancellationToken = default) =>
        ClaimOf(message) is { } claim ? await claims.ReadAsync(claim, cancellationToken).ConfigureAwait(false) : message.Body.ToString();

    /// <summary>Gives up the body, if it is kept elsewhere, of a message that another receiver has completed.</summary>
    /// <param name="message">The message.</param>
    /// <param name="claims">Keeps large bodies.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A task that ends when it is dropped.</returns>
    public static Task DropBodyAsync(ServiceBusReceivedMessage message, ClaimCheck claims, CancellationToken cancellationToken = default) =>
        claims.DropAsync(ClaimOf(message), cancellationToken);

    /// <summary>Why a message whose body <see cref="ReadBodyAsync(ServiceBusReceivedMessage, ClaimCheck, CancellationToken)"/> did not find is set aside.</summary>
    /// <param name="message">The message.</param>
    /// <returns>One sentence and what to do.</returns>
    public static string MissingBodyReason(ServiceBusReceivedMessage message) => ClaimCheck.MissingReason(ClaimOf(message)!);

    /// <summary>Closes the connection.</summary>
    /// <returns>A task that ends when it is closed.</returns>
    public ValueTask DisposeAsync() => _client.DisposeAsync();

    private static bool IsLost(ServiceBusException exception) =>
        exception.Reason is ServiceBusFailureReason.MessageLockLost or ServiceBusFailureReason.MessageNotFound;

    private static string? ClaimOf(ServiceBusReceivedMessage message) => message.ApplicationProperties.GetValueOrDefault(ClaimProperty) as string;

    private static string IdOf(ServiceBusReceivedMessage message) => message.ApplicationProperties.GetValueOrDefault(IdProperty) as string ?? message.MessageId;

    private static int DeliveriesOf(ServiceBusReceivedMessage message, int otherwise) =>
        message.ApplicationProperties.GetValueOrDefault(DeliveriesProperty) is { } value ? Convert.ToInt32(value, CultureInfo.InvariantCulture) : otherwise;

    private static string ReasonOf(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.ContainsKey(DeadLetteredAtProperty) && message.DeadLetterReason is { } reason
            ? reason
            : $"{QueueOptions.ExhaustedReason(message.DeliveryCount)} ({message.DeadLetterReason}: {message.DeadLetterErrorDescription})";

    private static DateTimeOffset DeadLetteredAt(ServiceBusReceivedMessage message) =>
        message.ApplicationProperties.GetValueOrDefault(DeadLetteredAtProperty) is DateTimeOffset time ? time : message.EnqueuedTime;

    private static string NewTransportId() => Guid.NewGuid().ToString("N");

    /// <summary>The same message to send again, under a new transport id, lest the service drops it as a duplicate.</summary>
    private static ServiceBusMessage Copy(ServiceBusReceivedMessage message, int deliveries)
    {
        var copy = new ServiceBusMessage(message) { MessageId = NewTransportId() };
        copy.ApplicationProperties[IdProperty] = IdOf(message);
        copy.ApplicationProperties[DeliveriesProperty] = deliveries;
        copy.ApplicationProperties.Remove(DeadLetteredAtProperty);
        copy.ApplicationProperties.Remove(EnqueuedAtProperty);
        return copy;
    }

    private static async Task<bool> SettleAsync(ReceivedMessage message, Func<Receipt, Task> settle)
    {
        try
        {
            await settle((Receipt)message.Receipt).ConfigureAwait(false);
            return true;
        }
        catch (ServiceBusException exception) when (IsLost(exception))
        {
            return false;
        }
    }

    private async Task<ReceivedMessage?> OpenAsync(string queue, ServiceBusReceivedMessage message, ServiceBusReceiver receiver, CancellationToken cancellationToken)
    {
        string? body = await ReadBodyAsync(message, cancellationToken).ConfigureAwait(false);
        // A copy of an abandoned message goes on counting where the message stopped.
        int deliveries = DeliveriesOf(message, 0) + message.DeliveryCount;
        DateTimeOffset enqueuedAt = message.ApplicationProperties.GetValueOrDefault(EnqueuedAtProperty) is DateTimeOffset time ? time : message.EnqueuedTime;
        var received = new ReceivedMessage(queue, IdOf(message), body ?? string.Empty, deliveries, enqueuedAt, new Receipt(message, receiver, ClaimOf(message)));
        if (deliveries > _options.DeliveryLimit)
        {
            await BuryAsync(received, QueueOptions.ExhaustedReason(deliveries - 1), deliveries - 1, cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (body is null)
        {
            await BuryAsync(received, MissingBodyReason(message), deliveries, cancellationToken).ConfigureAwait(false);
            return null;
        }

        return received;
    }

    private Task<string?> ReadBodyAsync(ServiceBusReceivedMessage message, CancellationToken cancellationToken) => ReadBodyAsync(message, _claims, cancellationToken);

    private Task<bool> BuryAsync(ReceivedMessage message, string reason, int deliveries, CancellationToken cancellationToken) => SettleAsync(message, receipt =>
    {
        var properties = new Dictionary<string, object>
        {
            [DeliveriesProperty] = deliveries,
            [DeadLetteredAtProperty] = _timeProvider.GetUtcNow(),
        };
        string shortened = reason.Length <= LongestReason ? reason : reason[..LongestReason];
        return receipt.Receiver.DeadLetterMessageAsync(receipt.Message, properties, shortened, cancellationToken: cancellationToken);
    });

    private async IAsyncEnumerable<ServiceBusReceivedMessage> PeekDeadLettersAsync(string queue, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ServiceBusReceiver receiver = Receiver(queue, SubQueue.DeadLetter);
        long next = 0;
        while (await receiver.PeekMessagesAsync(Batch, next, cancellationToken).ConfigureAwait(false) is { Count: > 0 } page)
        {
            foreach (ServiceBusReceivedMessage message in page)
            {
                yield return message;
            }

            next = page[^1].SequenceNumber + 1;
        }
    }

    private ServiceBusSender Sender(string queue) => _senders.GetOrAdd(queue, _client.CreateSender);

    private ServiceBusReceiver Receiver(string queue, SubQueue subQueue) => _receivers.GetOrAdd(
        (queue, subQueue),
        key => _client.CreateReceiver(key.Queue, new ServiceBusReceiverOptions { SubQueue = key.SubQueue, ReceiveMode = ServiceBusReceiveMode.PeekLock, PrefetchCount = 0 }));

    private sealed record Receipt(ServiceBusReceivedMessage Message, ServiceBusReceiver Receiver, string? Claim);
}
