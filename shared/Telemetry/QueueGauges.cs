using CloudPipe.Queues;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Telemetry;

/// <summary>Looks how full the queues are, now and then, for whoever reads <see cref="CloudPipeMeter"/>.</summary>
/// <param name="queue">The queues.</param>
/// <param name="timeProvider">The clock.</param>
/// <param name="logger">Hears of queues that cannot be asked.</param>
public sealed partial class QueueGauges(IMessageQueue queue, TimeProvider timeProvider, ILogger<QueueGauges> logger)
{
    /// <summary>Looks once; does nothing when nobody reads. Figures that are not to be had are no reason to fail.</summary>
    /// <param name="cancellationToken">Stops looking.</param>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        if (!CloudPipeMeter.WantsQueues)
        {
            return;
        }

        foreach (string name in QueueNames.All)
        {
            try
            {
                QueueStatistics figures = await queue.GetStatisticsAsync(name, cancellationToken).ConfigureAwait(false);
                DateTimeOffset? since = figures.Pending == 0 ? null : await queue.FindWaitingSinceAsync(name, cancellationToken).ConfigureAwait(false);

                // A queue that was drained must not go on showing the age of its last backlog.
                TimeSpan age = since is { } time ? timeProvider.GetUtcNow() - time : TimeSpan.Zero;
                CloudPipeMeter.ShowQueue(name, figures, age > TimeSpan.Zero ? age : TimeSpan.Zero);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                LogFailed(exception, name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "How full the queue {Queue} is cannot be found out; Azure Service Bus tells only who may manage it. Its gauges stay as they are.")]
    private partial void LogFailed(Exception exception, string queue);
}
