using CloudPipe.Configuration;
using CloudPipe.Inspections;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Triggers;

/// <summary>
/// Lists the containers of blob triggers again and again, and queues each new upload once it is whole. From then on the
/// upload is a message like any other: delivered at least once, retried with back-off, dead-lettered with a reason.
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
    private readonly SemaphoreSlim _changed = new(0, 1);

    public override void Dispose()
    {
        base.Dispose();
        _changed.Dispose();
    }

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
        using FileSystemWatcher? watcher = isFolder ? Watch(Path.Combine(storage.Folder, pattern.Container)) : null;
        while (true)
        {
            try
            {
                await LookAsync(pattern, tracker, stoppingToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogError(exception, "The container '{Container}' cannot be listed; the next look is in {Interval}.", pattern.Container, options.Interval);
            }

            TimeSpan wait = tracker.HasUnsettled && options.SettleTime < options.Interval ? options.SettleTime : options.Interval;
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(Task.Delay(wait, timeProvider, timer.Token), _changed.WaitAsync(timer.Token)).ConfigureAwait(false);
            await timer.CancelAsync().ConfigureAwait(false);
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task LookAsync(BlobPathPattern pattern, UploadTracker tracker, CancellationToken cancellationToken)
    {
        var kind = UploadKind.Of(pattern.Container);
        List<BlobProperties> listing = await store.ListAllAsync(pattern.Container, null, cancellationToken)
            .Where(blob => kind.IsUpload(blob.Path.Name) && pattern.Match(blob.Path.Name) is not null)
            .ToListAsync(cancellationToken).ConfigureAwait(false);

        // A plan without a result is carried on by the messages; that holds after a restart too.
        IReadOnlyList<BlobProperties> ready = tracker.Observe(listing, timeProvider.GetUtcNow());
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

    /// <summary>Only a hint that saves waiting: what the watcher misses, the next listing finds.</summary>
    private FileSystemWatcher Watch(string folder)
    {
        var watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true };
        watcher.Created += (_, _) => Signal();
        watcher.Renamed += (_, _) => Signal();
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private void Signal()
    {
        try
        {
            _changed.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // A look is due already, or the host is stopping.
        }
    }
}
