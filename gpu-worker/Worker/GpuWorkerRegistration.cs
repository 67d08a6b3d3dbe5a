using CloudPipe.Configuration;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>Registers everything that the worker needs beside the ports and the steps.</summary>
public static class GpuWorkerRegistration
{
    /// <summary>Registers the worker's steps, its options and the consumer of its queues.</summary>
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
        services.AddHostedService<ScoreConsumer>();
        services.AddHostedService<TrainConsumer>();
        return services;
    }
}
