using CloudPipe.GpuWorker.Scoring;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>Scores the messages of the queue <c>score</c>: one network at a time, while the next shard is decoded.</summary>
/// <param name="queue">The queues.</param>
/// <param name="runner">Runs the step, and records inspections that are rejected or given up.</param>
/// <param name="step">Scores.</param>
/// <param name="queueOptions">How queues treat their messages.</param>
/// <param name="options">How the worker takes messages.</param>
/// <param name="timeProvider">Tells the time.</param>
/// <param name="logger">Hears of retries and dead letters.</param>
internal sealed class ScoreConsumer(
    IMessageQueue queue,
    StepRunner runner,
    ScoreStep step,
    QueueOptions queueOptions,
    WorkerOptions options,
    TimeProvider timeProvider,
    ILogger<MessageConsumer> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var consumer = new MessageConsumer(
            queue,
            QueueNames.Score,
            queueOptions,
            new MessageConsumerOptions { Concurrency = options.Concurrency, LongestIdle = options.LongestIdle },
            timeProvider,
            logger,
            (message, stop) => runner.RunAsync<ScoreMessage>(message.Body, step.RunAsync, stop),
            (message, reason, stop) => runner.RecordFailureAsync(message.Body, reason, stop));
        return consumer.RunAsync(stoppingToken);
    }
}
