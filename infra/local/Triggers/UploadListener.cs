using CloudPipe.Configuration;
using CloudPipe.Inspections;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Triggers;

/// <summary>
/// Watches the containers of blob triggers, lists them again and again, and queues each new upload once it is whole. From
/// then on the upload is a message like any other: delivered at least once, retried with back-off, dead-lettered with a reason.
/// </summary>
/// <param name="functions">Every function.</param>
/// <param name="store">The bucket.</param>
/// <param name="queue">Takes the uploads.</param>
/// <param name="options">How often to look.</param>
/// <param name="storage">Whether the bucket is a folder.</param>
/// <param name="timeProvider">Tells the time.</param>
/// <param name="logger">Hears of uploads and failures.</param>
internal sealed class UploadListener(
    IReadOnlyList<BoundFunction> functions,
    IBlobStore store,
    IMessageQueue queue,
    WatchOptions options,
    StorageOptions storage,
    TimeProvider timeProvider,
    ILogger<UploadListener> logger) : BackgroundService
{
    // A listing costs the more the more is there, whatever is new: so much for each upload makes it a few percent of the time.
    private static readonly TimeSpan _restPerUpload = TimeSpan.FromMilliseconds(0.5);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        from function in functions
        let trigger = function.Trigger as BlobTriggerAttribute
        where trigger is not null
        select WatchAsync(BlobPathPattern.Parse(trigger.BlobPath), stoppingToken));

    private async Task WatchAsync(BlobPathPattern pattern, CancellationToken stoppingToken)
    {
        // A write to Azure is visible when it is whole; a copy into a folder is visible while it grows.
        bool isFolder = storage.Kind == StorageKind.Folder;
        var tracker = new UploadTracker(isFolder ? options.SettleTime : TimeSpan.Zero, keepsTime: !isFolder);
        using FolderWatch? watch = isFolder ? new FolderWatch(Path.Combine(storage.Folder, pattern.Container)) : null;
        DateTimeOffset nextListing = DateTimeOffset.MinValue;
        while (true)
        {
            try
            {
                if (watch?.Take() is { } changed && timeProvider.GetUtcNow() < nextListing)
                {
                    await LookAsync(pattern, [.. changed, .. tracker.Unsettled], tracker, stoppingToken).ConfigureAwait(false);
                }
                else
                {
                    TimeSpan rest = await ListAsync(pattern, tracker, stoppingToken).ConfigureAwait(false) * _restPerUpload;
                    nextListing = timeProvider.GetUtcNow() + (rest > options.Interval ? rest : options.Interval);
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(exception, "The container '{Container}' cannot be listed; the next look is in {Interval}.", pattern.Container, options.Interval);
                nextListing = timeProvider.GetUtcNow() + options.Interval;
            }

            TimeSpan wait = nextListing - timeProvider.GetUtcNow();
            wait = tracker.Unsettled.Count > 0 && options.SettleTime < wait ? options.SettleTime : wait;
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            Task change = watch?.WaitAsync(timer.Token) ?? Task.Delay(Timeout.InfiniteTimeSpan, timer.Token);
            await Task.WhenAny(Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, timeProvider, timer.Token), change).ConfigureAwait(false);
            await timer.CancelAsync().ConfigureAwait(false);
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<int> ListAsync(BlobPathPattern pattern, UploadTracker tracker, CancellationToken cancellationToken)
    {
        var kind = UploadKind.Of(pattern.Container);
        List<BlobProperties> listing = await store.ListAllAsync(pattern.Container, null, cancellationToken)
            .Where(blob => IsUpload(kind, pattern, blob.Path.Name))
            .ToListAsync(cancellationToken).ConfigureAwait(false);
        await TakeAsync(kind, tracker, tracker.Observe(listing, timeProvider.GetUtcNow()), cancellationToken).ConfigureAwait(false);
        return listing.Count;
    }

    /// <summary>A look at a few files alone costs the same in a folder of any size.</summary>
    private async Task LookAsync(BlobPathPattern pattern, HashSet<string> names, UploadTracker tracker, CancellationToken cancellationToken)
    {
        var kind = UploadKind.Of(pattern.Container);
        names.RemoveWhere(name => !IsUpload(kind, pattern, name));
        var found = new List<BlobProperties>();
        foreach (string name in names)
        {
            if (await store.FindAsync(new BlobPath(pattern.Container, name), cancellationToken).ConfigureAwait(false) is { } blob)
            {
                found.Add(blob);
            }
        }

        await TakeAsync(kind, tracker, tracker.Observe(names, found, timeProvider.GetUtcNow()), cancellationToken).ConfigureAwait(false);
    }

    private static bool IsUpload(UploadKind kind, BlobPathPattern pattern, string name) => kind.IsUpload(name) && pattern.Match(name) is not null;

    private async Task TakeAsync(UploadKind kind, UploadTracker tracker, IReadOnlyList<BlobProperties> ready, CancellationToken cancellationToken)
    {
        // A plan without a result is carried on by the messages; that holds after a restart too.
        HashSet<BlobProperties> forgotten = [.. await kind.FindForgottenAsync(store, ready.Where(tracker.IsOld), cancellationToken).ConfigureAwait(false)];
        foreach (BlobProperties blob in ready)
        {
            if (!tracker.IsOld(blob) || forgotten.Contains(blob))
            {
                string id = kind.IdOf(blob.Path.Name, blob.ETag);
                logger.LogInformation("Found the upload {BlobName}, {Length} bytes: {Noun} {Id}.", blob.Path.Name, blob.Length, kind.Noun, id);
                await queue.SendAsync(UploadMessage.Queue, new UploadMessage(blob.Path.Name, blob.ETag, kind.Container).ToOutgoing(id), cancellationToken).ConfigureAwait(false);
            }

            tracker.Take(blob);
        }
    }
}
