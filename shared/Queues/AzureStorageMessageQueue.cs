using System.Globalization;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using CloudPipe.Queues.Storage;
using CloudPipe.Storage;

namespace CloudPipe.Queues;

/// <summary>
/// Queues of Azure Storage, or of its emulator Azurite. Bodies over 48 KiB are kept by <see cref="ClaimCheck"/>; dead
/// letters, which this transport does not have, are blobs under <c>claims/dead-letters/&lt;queue&gt;/</c>.
/// </summary>
public sealed class AzureStorageMessageQueue : IMessageQueue
{
    private static readonly TimeSpan _never = TimeSpan.FromSeconds(-1); // how the service writes 'does not expire'
    private static readonly TimeSpan _burial = TimeSpan.FromMinutes(1);

    private readonly QueueServiceClient _service;
    private readonly IBlobStore _store;
    private readonly ClaimCheck _claims;
    private readonly QueueOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly bool _base64;

    /// <summary>Stands on a client that is made already.</summary>
    /// <param name="service">The storage account; its <c>MessageEncoding</c> is left at none, the default.</param>
    /// <param name="store">Keeps large bodies and dead letters.</param>
    /// <param name="options">How messages are treated.</param>
    /// <param name="timeProvider">Dates the dead letters; the system's clock by default.</param>
    /// <param name="base64">Whether to send base64, as Azure Functions expects; both are read.</param>
    public AzureStorageMessageQueue(QueueServiceClient service, IBlobStore store, QueueOptions options, TimeProvider? timeProvider = null, bool base64 = true)
    {
        _service = service;
        _store = store;
        _claims = new ClaimCheck(store);
        _options = options;
        _timeProvider = timeProvider ?? TimeProvider.System;
        _base64 = base64;
    }

    /// <inheritdoc/>
    public string TransportName => "azure_storage_queues";

    /// <inheritdoc/>
    public async Task CreateQueuesAsync(IEnumerable<string> queues, CancellationToken cancellationToken = default)
    {
        await _store.CreateContainersAsync([BlobContainers.Claims], cancellationToken).ConfigureAwait(false);
        foreach (string queue in queues)
        {
            await _service.GetQueueClient(queue).CreateIfNotExistsAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async Task SendAsync(string queue, OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(message.Id);
        string text = new StorageMessageText(message.Id, message.Body, null).Write(_base64)
            ?? new StorageMessageText(message.Id, null, await _claims.KeepAsync(queue, message.Body, cancellationToken).ConfigureAwait(false)).Write(_base64)
            ?? throw new ArgumentException($"The id of a message to queue '{queue}' is too long: {message.Id.Length} characters.", nameof(message));
        await _service.GetQueueClient(queue).SendMessageAsync(text, WholeSeconds(message.Delay), _never, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string queue, int maxMessages, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        QueueMessage[] taken = await _service.GetQueueClient(queue)
            .ReceiveMessagesAsync(maxMessages, WholeSeconds(visibilityTimeout), cancellationToken).ConfigureAwait(false);
        var received = new List<ReceivedMessage>(taken.Length);
        foreach (QueueMessage message in taken)
        {
            if (await OpenAsync(queue, message, cancellationToken).ConfigureAwait(false) is { } opened)
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
        await receipt.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await ExtendAsync(message.Queue, receipt, visibilityTimeout, cancellationToken).ConfigureAwait(false);
        }
        catch (RequestFailedException exception) when (IsLost(exception))
        {
            throw new MessageLockLostException(message, exception);
        }
        finally
        {
            receipt.Gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task<bool> CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken = default) => SettleAsync(message, async (queue, receipt) =>
    {
        await queue.DeleteMessageAsync(receipt.MessageId, receipt.PopReceipt, cancellationToken).ConfigureAwait(false);
        await _claims.DropAsync(receipt.Claim, cancellationToken).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public Task AbandonAsync(ReceivedMessage message, TimeSpan delay = default, CancellationToken cancellationToken = default) => SettleAsync(
        message,
        // The new pop receipt is forgotten: this holder has let go.
        (queue, receipt) => queue.UpdateMessageAsync(receipt.MessageId, receipt.PopReceipt, visibilityTimeout: WholeSeconds(delay), cancellationToken: cancellationToken));

    /// <inheritdoc/>
    public Task DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken = default) =>
        BuryAsync(message, reason, message.DeliveryCount, cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string queue, int maxMessages = 100, CancellationToken cancellationToken = default)
    {
        var dead = new List<DeadLetter>();
        await foreach (BlobProperties blob in _store.ListAllAsync(BlobContainers.Claims, Folder(queue), cancellationToken).ConfigureAwait(false))
        {
            if (dead.Count == maxMessages)
            {
                break;
            }

            // Null when it was requeued since it was listed.
            if (await _store.ReadJsonAsync<DeadLetter>(blob.Path, cancellationToken).ConfigureAwait(false) is { } letter)
            {
                dead.Add(letter);
            }
        }

        // The names only tell the second of the sending.
        return [.. dead.OrderBy(letter => letter.DeadLetteredAt)];
    }

    /// <inheritdoc/>
    public async Task<int> RequeueAsync(string queue, string? messageId, CancellationToken cancellationToken = default)
    {
        int requeued = 0;
        await foreach (BlobProperties blob in _store.ListAllAsync(BlobContainers.Claims, Folder(queue), cancellationToken).ConfigureAwait(false))
        {
            DeadLetter? letter = await _store.ReadJsonAsync<DeadLetter>(blob.Path, cancellationToken).ConfigureAwait(false);
            if (letter is not null && (messageId is null || messageId == letter.Id))
            {
                // In this order a crash doubles the message; in the other it would lose it.
                await SendAsync(queue, new OutgoingMessage(letter.Id, letter.Body), cancellationToken).ConfigureAwait(false);
                requeued += await _store.DeleteAsync(blob.Path, cancellationToken).ConfigureAwait(false) ? 1 : 0;
            }
        }

        return requeued;
    }

    /// <inheritdoc/>
    public async Task<QueueStatistics> GetStatisticsAsync(string queue, CancellationToken cancellationToken = default)
    {
        QueueProperties properties = await _service.GetQueueClient(queue).GetPropertiesAsync(cancellationToken).ConfigureAwait(false);
        int dead = await _store.ListAllAsync(BlobContainers.Claims, Folder(queue), cancellationToken).CountAsync(cancellationToken).ConfigureAwait(false);
        return new QueueStatistics(properties.ApproximateMessagesCount, dead);
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> FindWaitingSinceAsync(string queue, CancellationToken cancellationToken = default)
    {
        PeekedMessage[] first = await _service.GetQueueClient(queue).PeekMessagesAsync(1, cancellationToken).ConfigureAwait(false);
        return first.Length == 0 ? null : first[0].InsertedOn;
    }

    private static string Folder(string queue) => $"dead-letters/{queue}/";

    private static bool IsLost(RequestFailedException exception) =>
        exception.ErrorCode == QueueErrorCode.MessageNotFound || exception.ErrorCode == QueueErrorCode.PopReceiptMismatch;

    // The service counts in whole seconds; a lock or a delay may last longer than asked for, never shorter.
    private static TimeSpan WholeSeconds(TimeSpan time) => TimeSpan.FromSeconds(Math.Ceiling(time.TotalSeconds));

    private async Task<ReceivedMessage?> OpenAsync(string queue, QueueMessage message, CancellationToken cancellationToken)
    {
        var text = StorageMessageText.Read(message.Body.ToString(), message.MessageId);
        string? body = text.Claim is null ? text.Body : await _claims.ReadAsync(text.Claim, cancellationToken).ConfigureAwait(false);
        var received = new ReceivedMessage(
            queue,
            text.Id,
            body ?? string.Empty,
            (int)message.DequeueCount,
            message.InsertedOn ?? _timeProvider.GetUtcNow(),
            new Receipt(message.MessageId, message.PopReceipt, text.Claim));
        if (message.DequeueCount > _options.DeliveryLimit)
        {
            int deliveries = (int)message.DequeueCount - 1;
            await BuryAsync(received, QueueOptions.ExhaustedReason(deliveries), deliveries, cancellationToken).ConfigureAwait(false);
            return null;
        }

        if (body is null && text.Claim is not null)
        {
            await BuryAsync(received, ClaimCheck.MissingReason(text.Claim), received.DeliveryCount, cancellationToken).ConfigureAwait(false);
            return null;
        }

        return received;
    }

    private Task<bool> BuryAsync(ReceivedMessage message, string reason, int deliveries, CancellationToken cancellationToken) => SettleAsync(message, async (queue, receipt) =>
    {
        // Proves that the message is still held, before anything is written, and keeps it so.
        await ExtendAsync(message.Queue, receipt, _burial, cancellationToken).ConfigureAwait(false);
        string name = string.Create(CultureInfo.InvariantCulture, $"{Folder(message.Queue)}{message.EnqueuedAt.UtcTicks:D19}-{receipt.MessageId}.json");
        var dead = new DeadLetter(message.Queue, message.Id, message.Body, reason, deliveries, _timeProvider.GetUtcNow());
        await _store.WriteJsonAsync(new BlobPath(BlobContainers.Claims, name), dead, cancellationToken: cancellationToken).ConfigureAwait(false);
        await queue.DeleteMessageAsync(receipt.MessageId, receipt.PopReceipt, cancellationToken).ConfigureAwait(false);
        await _claims.DropAsync(receipt.Claim, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>Hides a message for longer; every update changes the pop receipt, which is the key to the next.</summary>
    private async Task ExtendAsync(string queue, Receipt receipt, TimeSpan visibilityTimeout, CancellationToken cancellationToken)
    {
        UpdateReceipt updated = await _service.GetQueueClient(queue).UpdateMessageAsync(
            receipt.MessageId, receipt.PopReceipt, visibilityTimeout: WholeSeconds(visibilityTimeout), cancellationToken: cancellationToken).ConfigureAwait(false);
        receipt.PopReceipt = updated.PopReceipt;
    }

    /// <summary>Settles a message with its receipt kept still.</summary>
    /// <returns>Whether it was still held.</returns>
    private async Task<bool> SettleAsync(ReceivedMessage message, Func<QueueClient, Receipt, Task> settle)
    {
        var receipt = (Receipt)message.Receipt;
        await receipt.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            await settle(_service.GetQueueClient(message.Queue), receipt).ConfigureAwait(false);
            return true;
        }
        catch (RequestFailedException exception) when (IsLost(exception))
        {
            return false;
        }
        finally
        {
            receipt.Gate.Release();
        }
    }

    private sealed class Receipt(string messageId, string popReceipt, string? claim)
    {
        /// <summary>Renewal and settlement come from different threads.</summary>
        public SemaphoreSlim Gate { get; } = new(1);

        public string MessageId => messageId;

        public string PopReceipt { get; set; } = popReceipt;

        public string? Claim => claim;
    }
}
