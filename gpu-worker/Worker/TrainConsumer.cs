using CloudPipe.GpuWorker.Training;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>Trains for the messages of the queue <c>train</c>, one at a time.</summary>
/// <param name="queue">The queues.</param>
/// <param name="runner">Runs the step, and records folds that are given up.</param>
/// <param name="step">Trains.</param>
/// <param name="queueOptions">How queues treat their messages.</param>
/// <param name="options">How the worker takes messages.</param>
/// <param name="timeProvider">Tells the time.</param>
/// <param name="logger">Hears of retries and dead letters.</param>
internal sealed class TrainConsumer(
    IMessageQueue queue,
    StepRunner runner,
    TrainStep step,
    QueueOptions queueOptions,
    WorkerOptions options,
    TimeProvider timeProvider,
    ILogger<MessageConsumer> logger) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var consumer = new MessageConsumer(
            queue,
            QueueNames.Train,
            queueOptions,
            new MessageConsumerOptions { Concurrency = 1, LongestIdle = options.LongestIdle },
            timeProvider,
            logger,
            (message, stop) => runner.RunAsync<TrainMessage>(message.Body, step.RunAsync, stop),
            (message, reason, stop) => runner.RecordFailureAsync(message.Body, reason, stop));
        return consumer.RunAsync(stoppingToken);
    }
}
