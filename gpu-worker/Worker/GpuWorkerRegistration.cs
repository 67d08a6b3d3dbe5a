using CloudPipe.Configuration;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>Registers everything that the worker needs beside the ports and the steps.</summary>
public static class GpuWorkerRegistration
{
    /// <summary>Registers the worker's steps and options.</summary>
    /// <param name="services">Where to register; the ports and the steps of the functions are registered already.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGpuWorker(this IServiceCollection services)
    {
        services.AddOptionsSection<ScoringOptions>("Scoring").AddOptionsSection<TrainingOptions>("Training").AddOptionsSection<WorkerOptions>("Worker");
        services.AddSingleton(provider => new WeightsCache(
            provider.GetRequiredService<IBlobStore>(), provider.GetRequiredService<ScoringOptions>().ResolveCacheFolder()));
        services.AddSingleton<EnsembleScorer>();
        services.AddSingleton<ScoreStep>();
        services.AddSingleton<TrainStep>();
        return services;
    }

    /// <summary>Registers what takes the messages of the worker's queues.</summary>
    /// <param name="services">Where to register, beside <see cref="AddGpuWorker"/>.</param>
    /// <param name="budget">Whether the worker ends when its queues are empty, and when at the latest; <see langword="null"/> to stay.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddGpuWorkerConsumers(this IServiceCollection services, DrainBudget? budget = null)
    {
        if (budget is not null)
        {
            services.AddSingleton(budget);
        }

        // Of scoring, one network runs at a time while the next shard is decoded; of training, one fold.
        services.AddSingleton(provider => Consumer<ScoreMessage>(
            provider, QueueNames.Score, provider.GetRequiredService<WorkerOptions>().Concurrency, provider.GetRequiredService<ScoreStep>().RunAsync));
        services.AddSingleton(provider => Consumer<TrainMessage>(provider, QueueNames.Train, 1, provider.GetRequiredService<TrainStep>().RunAsync));
        return services.AddHostedService<WorkerService>();
    }

    private static StepConsumer Consumer<T>(IServiceProvider provider, string queueName, int concurrency, Func<T, CancellationToken, Task> step)
        where T : Message => new(
            queueName,
            new MessageConsumer(
                provider.GetRequiredService<IMessageQueue>(),
                queueName,
                provider.GetRequiredService<QueueOptions>(),
                new MessageConsumerOptions { Concurrency = concurrency, LongestIdle = provider.GetRequiredService<WorkerOptions>().LongestIdle },
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<ILogger<MessageConsumer>>(),
                (message, stop) => provider.GetRequiredService<StepRunner>().RunAsync(message, step, stop),
                (message, reason, stop) => provider.GetRequiredService<StepRunner>().RecordFailureAsync(message.Body, reason, stop)));
}
