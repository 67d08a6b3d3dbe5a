using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>Runs a step for the messages of one queue.</summary>
/// <typeparam name="T">What the queue carries.</typeparam>
/// <param name="queueName">The queue.</param>
/// <param name="concurrency">How many messages are in hand at once.</param>
/// <param name="step">The work; it must bear repeats.</param>
/// <param name="queue">The queues.</param>
/// <param name="runner">Runs the step, and records what is rejected or given up.</param>
/// <param name="queueOptions">How queues treat their messages.</param>
/// <param name="options">How the worker takes messages.</param>
/// <param name="timeProvider">Tells the time.</param>
/// <param name="logger">Hears of retries and dead letters.</param>
internal sealed class StepConsumer<T>(
    string queueName,
    int concurrency,
    Func<T, CancellationToken, Task> step,
    IMessageQueue queue,
    StepRunner runner,
    QueueOptions queueOptions,
    WorkerOptions options,
    TimeProvider timeProvider,
    ILogger<MessageConsumer> logger) : BackgroundService
    where T : Message
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var consumer = new MessageConsumer(
            queue,
            queueName,
            queueOptions,
            new MessageConsumerOptions { Concurrency = concurrency, LongestIdle = options.LongestIdle },
            timeProvider,
            logger,
            (message, stop) => runner.RunAsync<T>(message, step, stop),
            (message, reason, stop) => runner.RecordFailureAsync(message.Body, reason, stop));
        return consumer.RunAsync(stoppingToken);
    }
}
