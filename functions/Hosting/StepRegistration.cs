using CloudPipe.Configuration;
using CloudPipe.Datasets;
using CloudPipe.Ensembling;
using CloudPipe.Events;
using CloudPipe.Functions.Api;
using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Messages;
using CloudPipe.Idempotency;
using CloudPipe.Inspections;
using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Shards;
using CloudPipe.Telemetry;
using CloudPipe.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace CloudPipe.Functions.Hosting;

/// <summary>Registers everything that the functions need beside the ports.</summary>
public static class StepRegistration
{
    /// <summary>Registers the steps and their options.</summary>
    /// <param name="services">Where to register; the ports are registered already.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCloudPipeSteps(this IServiceCollection services)
    {
        services.AddOptionsSection<InspectionOptions>("Inspections").AddOptionsSection<SweepOptions>("Sweep").AddOptionsSection<WebhookOptions>("Webhooks");
        services.AddSingleton<IValidateOptions<WebhookOptions>, WebhookOptionsValidator>();

        services.TryAddSingleton<ReleaseStore>();
        services.TryAddSingleton<WebhookStore>();
        services.TryAddSingleton<DeliveryLog>();
        services.TryAddSingleton<EventPublisher>();
        services.TryAddSingleton<ResultWriter>();
        services.TryAddSingleton<DatasetStore>();
        services.TryAddSingleton<RunWriter>();
        services.TryAddSingleton<RunFailures>();
        services.TryAddSingleton<PlanRunStep>();
        services.TryAddSingleton<ReduceRunStep>();
        services.TryAddSingleton<StepRunner>();
        services.TryAddSingleton<VideoProbe>();
        services.TryAddSingleton<InspectionPlanner>();
        services.TryAddSingleton<IngestStep>();
        services.TryAddSingleton<SweepStep>();
        services.TryAddSingleton<ShardCutter>();
        services.TryAddSingleton<CutShardStep>();
        services.TryAddSingleton<ReduceStep>();
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<DeliverStep>(provider, CreateWebhookClient(provider)));
        services.TryAddSingleton<ClaimCheck>();
        services.TryAddSingleton<MessageHandler>();
        services.TryAddSingleton<QueueGauges>();
        return services.AddCloudPipeApi();
    }

    private static IServiceCollection AddCloudPipeApi(this IServiceCollection services)
    {
        services.AddOptionsSection<ApiOptions>("Api");
        services.TryAddSingleton<IdempotencyStore>();
        services.TryAddSingleton<DeliveryReplay>();
        services.TryAddSingleton(provider => ActivatorUtilities.CreateInstance<WebhookHandshake>(provider, CreateWebhookClient(provider)));
        services.TryAddSingleton(new ServedQueues(QueueNames.All));
        services.TryAddSingleton(new RouteCatalog(typeof(RouteCatalog).Assembly));
        services.TryAddSingleton<OpenApiWriter>();
        services.TryAddSingleton<HealthCheck>();
        services.TryAddSingleton<ApiHandler>();
        return services;
    }

    private static HttpClient CreateWebhookClient(IServiceProvider provider)
    {
        WebhookOptions webhooks = provider.GetRequiredService<IOptions<WebhookOptions>>().Value;

        // Each request has its own deadline, which covers the name's resolution too.
        return new HttpClient(new PrivateAddressGuard(webhooks.AllowPrivateAddresses).CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
