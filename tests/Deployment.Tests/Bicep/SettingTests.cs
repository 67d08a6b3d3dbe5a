using System.Reflection;
using CloudPipe.Configuration;
using CloudPipe.Deployment.Tests.Support;
using CloudPipe.Functions.Hosting;
using CloudPipe.Functions.Inspections;
using CloudPipe.GpuWorker.Worker;
using CloudPipe.Queues;
using CloudPipe.Webhooks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace CloudPipe.Deployment.Tests.Bicep;

public sealed class SettingTests
{
    public static TheoryData<string> Containers => ["functions-app", "worker-job"];

    [Theory]
    [MemberData(nameof(Containers))]
    public void Something_reads_every_setting(string module)
    {
        string[] names = [.. Settings.Of(BicepFiles.Module(module)).Select(setting => setting.Name)];

        Assert.Contains("CloudPipe__Storage__Kind", names);
        Assert.All(names, name => Assert.True(KnownSettings.Contains(name), $"Nothing reads {name}."));
        Assert.Equal(names.Distinct(), names);
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void The_settings_are_a_configuration_that_starts(string module)
    {
        using ServiceProvider services = Configured(module);
        services.GetRequiredService<IStartupValidator>().Validate();

        StorageOptions storage = services.GetRequiredService<StorageOptions>();
        Assert.Equal((StorageKind.Azure, new Uri("https://account.blob.core.windows.net/")), (storage.Kind, storage.AccountUrl));
        QueueTransportOptions queue = services.GetRequiredService<QueueTransportOptions>();
        Assert.Equal((QueueKind.ServiceBus, "name.servicebus.windows.net"), (queue.Kind, queue.Namespace));
        // The deployment makes both, and the identities may not.
        Assert.False(storage.CreateContainers || queue.CreateQueues);
        QueueOptions messages = services.GetRequiredService<QueueOptions>();
        Assert.Equal((7, TimeSpan.FromMinutes(5)), (messages.MaxDeliveryCount, messages.VisibilityTimeout));
    }

    [Fact]
    public void A_webhook_endpoint_is_read_from_the_settings()
    {
        using ServiceProvider services = Configured("functions-app");

        WebhookEndpointOptions endpoint = Assert.Single(services.GetRequiredService<WebhookOptions>().Endpoints);
        Assert.Equal(("assets", "https://example.com/hook"), (endpoint.Id, endpoint.Url));
        Assert.Equal(["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], endpoint.Secrets);
        Assert.Equal(["com.cloudpipe.inspection.completed"], endpoint.EventTypes);
    }

    [Fact]
    public void Every_trigger_has_its_connection()
    {
        ParameterInfo[] parameters = [.. typeof(IngestFunction).Assembly.GetExportedTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttribute<FunctionAttribute>() is not null).SelectMany(method => method.GetParameters())];
        string[] names = [.. Settings.Of(BicepFiles.Module("functions-app")).Select(setting => setting.Name)];
        var needed = new HashSet<string> { "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__queueServiceUri" };
        foreach (BlobTriggerAttribute trigger in parameters.SelectMany(parameter => parameter.GetCustomAttributes<BlobTriggerAttribute>()))
            needed.UnionWith([$"{trigger.Connection}__blobServiceUri", $"{trigger.Connection}__queueServiceUri"]);
        foreach (ServiceBusTriggerAttribute trigger in parameters.SelectMany(parameter => parameter.GetCustomAttributes<ServiceBusTriggerAttribute>()))
            needed.Add($"{trigger.Connection}__fullyQualifiedNamespace");
        needed.UnionWith([.. needed.Select(name => name.Split("__")[0]).Distinct().SelectMany(connection => new[] { $"{connection}__credential", $"{connection}__clientId" })]);

        Assert.Contains($"{Connections.ServiceBus}__clientId", needed);
        Assert.Equal(
            needed.Order(StringComparer.Ordinal),
            names.Where(name => KnownSettings.Connections.Any(connection => name.StartsWith($"{connection}__", StringComparison.Ordinal))).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void No_setting_holds_a_secret(string module) => Assert.All(
        Settings.Of(BicepFiles.Module(module)).Where(setting => setting.Name.Contains("Secrets__", StringComparison.Ordinal) || setting.Name.Contains("ConnectionString", StringComparison.Ordinal)),
        setting => Assert.Equal("webhookEndpoints[i].secretNames[j]", setting.Value.Source));

    /// <summary>The options as the container's process would read them, with values for what the deployment fills in.</summary>
    private static ServiceProvider Configured(string module)
    {
        IEnumerable<KeyValuePair<string, string?>> pairs = Settings.Of(BicepFiles.Module(module))
            .Where(setting => setting.Name.StartsWith($"{OptionsSection.Root}__", StringComparison.Ordinal))
            .Select(setting => new KeyValuePair<string, string?>(
                setting.Name.Replace("__", ":", StringComparison.Ordinal).Replace("*", "0", StringComparison.Ordinal), ValueOf(setting.Value)));
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(pairs).Build());
        services.AddCloudPipePorts().AddCloudPipeSteps().AddGpuWorker();
        return services.BuildServiceProvider();
    }

    private static string ValueOf(BicepNode value) => value.StringValue ?? value.Source switch
    {
        "blobEndpoint" => "https://account.blob.core.windows.net/",
        "serviceBusHostName" => "name.servicebus.windows.net",
        "string(maxDeliveryCount)" => "7",
        "queueName" => QueueNames.Score,
        "sliceTime" => Argument("sliceTime"),
        "defaultRelease" => BicepFiles.Main.Named("defaultRelease").Value.StringValue!,
        "otlpEndpoint" => "http://collector:4317",
        "webhookEndpoints[i].id" => "assets",
        "webhookEndpoints[i].url" => "https://example.com/hook",
        "webhookEndpoints[i].secretNames[j]" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "webhookEndpoints[i].eventTypes[j]" => "com.cloudpipe.inspection.completed",
        string other => throw new InvalidOperationException($"What is {other}? Give it a value here."),
    };

    private static string Argument(string name) =>
        BicepFiles.Main.Modules.First(module => module.Target == "modules/worker-job.bicep").Body.At("params", name)!.StringValue!;
}
