using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>Takes the messages of the worker's queues, for as long as the process runs or until they are drained.</summary>
/// <param name="consumers">One for each queue that a worker can serve.</param>
/// <param name="options">Which of them it serves.</param>
/// <param name="lifetime">Is told when the worker ends by itself.</param>
/// <param name="timeProvider">Tells the time.</param>
/// <param name="logger">Hears what is served.</param>
/// <param name="budget">Lets the worker end when its queues are empty; <see langword="null"/> to stay.</param>
internal sealed partial class WorkerService(
    IEnumerable<StepConsumer> consumers,
    WorkerOptions options,
    IHostApplicationLifetime lifetime,
    TimeProvider timeProvider,
    ILogger<WorkerService> logger,
    DrainBudget? budget = null) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        StepConsumer[] served = [.. consumers.Where(consumer => options.Serves(consumer.QueueName))];
        LogServing(string.Join(", ", served.Select(consumer => consumer.QueueName)));
        if (budget is null)
        {
            await Task.WhenAll(served.Select(consumer => consumer.Consumer.RunAsync(stoppingToken))).ConfigureAwait(false);
            return;
        }

        using var closing = new CancellationTokenSource(budget.Time ?? Timeout.InfiniteTimeSpan, timeProvider);
        await Task.WhenAll(served.Select(consumer => consumer.Consumer.DrainAsync(closing.Token, stoppingToken))).ConfigureAwait(false);
        if (!stoppingToken.IsCancellationRequested)
        {
            LogDrained(closing.IsCancellationRequested ? "the time is over" : "the queues are empty");
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The worker serves {Queues}")]
    private partial void LogServing(string queues);

    [LoggerMessage(Level = LogLevel.Information, Message = "The worker ends: {Reason}")]
    private partial void LogDrained(string reason);
}
