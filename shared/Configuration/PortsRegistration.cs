using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CloudPipe.Configuration;

/// <summary>Registers the two ports by configuration.</summary>
public static class PortsRegistration
{
    /// <summary>Registers <see cref="IBlobStore"/> and <see cref="IMessageQueue"/> as <see cref="StorageOptions"/> and <see cref="QueueTransportOptions"/> say.</summary>
    /// <param name="services">Where to register.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddCloudPipePorts(this IServiceCollection services)
    {
        services.AddOptionsSection<StorageOptions>("Storage").AddOptionsSection<QueueTransportOptions>("Queue").AddOptionsSection<QueueOptions>("Queue");
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(CreateStore);
        services.TryAddSingleton(CreateQueue);
        return services;
    }

    private static IBlobStore CreateStore(IServiceProvider services)
    {
        StorageOptions options = services.GetRequiredService<StorageOptions>();
        return new FolderBlobStore(options.Folder, services.GetRequiredService<TimeProvider>());
    }

    private static IMessageQueue CreateQueue(IServiceProvider services)
    {
        QueueTransportOptions options = services.GetRequiredService<QueueTransportOptions>();
        string file = options.File ?? Path.Combine(services.GetRequiredService<StorageOptions>().Folder, ".cloudpipe", "queue.db");
        return new SqliteMessageQueue(file, services.GetRequiredService<QueueOptions>(), services.GetRequiredService<TimeProvider>());
    }
}
