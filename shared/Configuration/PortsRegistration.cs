using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
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
        services.AddOptions<QueueTransportOptions>().PostConfigure<StorageOptions>((queue, storage) =>
        {
            if (queue is { Kind: QueueKind.StorageQueues, ConnectionString: null, AccountUrl: null })
            {
                queue.ConnectionString = storage.ConnectionString;
            }
        });
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(CreateStore);
        services.TryAddSingleton(CreateQueue);
        return services;
    }

    private static IBlobStore CreateStore(IServiceProvider services)
    {
        StorageOptions options = services.GetRequiredService<StorageOptions>();
        TimeProvider timeProvider = services.GetRequiredService<TimeProvider>();
        return options switch
        {
            { Kind: StorageKind.Folder } => new FolderBlobStore(options.Folder, timeProvider),
            { AccountUrl: { } account } => new AzureBlobStore(new BlobServiceClient(account, new DefaultAzureCredential()), timeProvider),
            _ => new AzureBlobStore(new BlobServiceClient(options.ConnectionString), timeProvider),
        };
    }

    private static IMessageQueue CreateQueue(IServiceProvider services)
    {
        QueueTransportOptions transport = services.GetRequiredService<QueueTransportOptions>();
        QueueOptions options = services.GetRequiredService<QueueOptions>();
        TimeProvider timeProvider = services.GetRequiredService<TimeProvider>();
        var store = services.GetRequiredService<IBlobStore>();
        return transport switch
        {
            { Kind: QueueKind.Sqlite } => new SqliteMessageQueue(FileOf(transport, services.GetRequiredService<StorageOptions>()), options, timeProvider),
            { Kind: QueueKind.StorageQueues, AccountUrl: { } account } =>
                new AzureStorageMessageQueue(new QueueServiceClient(account, new DefaultAzureCredential()), store, options, timeProvider),
            { Kind: QueueKind.StorageQueues } =>
                new AzureStorageMessageQueue(new QueueServiceClient(transport.ConnectionString), store, options, timeProvider),
            { Namespace: { } name } => ServiceBusMessageQueue.Connect(name, new DefaultAzureCredential(), new ClaimCheck(store), options),
            _ => ServiceBusMessageQueue.Connect(transport.ConnectionString!, new ClaimCheck(store), options),
        };
    }

    private static string FileOf(QueueTransportOptions transport, StorageOptions storage) =>
        transport.File ?? Path.Combine(storage.Folder, ".cloudpipe", "queue.db");
}
