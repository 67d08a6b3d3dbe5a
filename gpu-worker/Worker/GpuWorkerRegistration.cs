using CloudPipe.Configuration;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>Registers everything that the worker needs beside the ports and the steps.</summary>
public static class GpuWorkerRegistration
{
    /// <summary>Registers the worker's steps, its options and the consumers of its queues.</summary>
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

        // Of scoring, one network runs at a time while the next shard is decoded; of training, one fold.
        services.AddHostedService(provider => Consumer<ScoreMessage>(
            provider, QueueNames.Score, provider.GetRequiredService<WorkerOptions>().Concurrency, provider.GetRequiredService<ScoreStep>().RunAsync));
        services.AddHostedService(provider => Consumer<TrainMessage>(provider, QueueNames.Train, 1, provider.GetRequiredService<TrainStep>().RunAsync));
        return services;
    }

    private static StepConsumer<T> Consumer<T>(IServiceProvider provider, string queueName, int concurrency, Func<T, CancellationToken, Task> step)
        where T : Message => ActivatorUtilities.CreateInstance<StepConsumer<T>>(provider, queueName, concurrency, step);
}
