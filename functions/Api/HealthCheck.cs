using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Functions.Api;

/// <summary>Whether the bucket and the queues answer. Anybody may ask, so the answer holds for a few seconds: asking often costs nothing.</summary>
/// <param name="store">The bucket.</param>
/// <param name="queue">The queues.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Hears why something does not answer.</param>
public sealed partial class HealthCheck(IBlobStore store, IMessageQueue queue, TimeProvider timeProvider, ILogger<HealthCheck> logger)
{
    private static readonly TimeSpan _lifetime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private Task<bool>? _last;
    private DateTimeOffset _asked;

    /// <summary>Asks both, or gives the answer of a moment ago.</summary>
    /// <returns>Whether both answered.</returns>
    public Task<bool> IsHealthyAsync()
    {
        lock (_lock)
        {
            DateTimeOffset now = timeProvider.GetUtcNow();
            if (_last is null || (_last.IsCompleted && now - _asked >= _lifetime))
            {
                _asked = now;
                _last = AskAsync();
            }

            return _last;
        }
    }

    private async Task<bool> AskAsync()
    {
        // Off the caller's stack, and for all callers alike: no single one's token stops it.
        await Task.Yield();
        using var deadline = new CancellationTokenSource(_patience, timeProvider);
        try
        {
            // The container that never holds many.
            await store.ListAsync(BlobContainers.Claims, null, null, 1, deadline.Token).ConfigureAwait(false);

            // Looking needs no more rights than receiving does; counting needs an administrator's on Service Bus.
            await queue.ListDeadLettersAsync(QueueNames.Cut, 1, deadline.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            LogUnhealthy(exception);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The bucket or the queues do not answer")]
    private partial void LogUnhealthy(Exception exception);
}
