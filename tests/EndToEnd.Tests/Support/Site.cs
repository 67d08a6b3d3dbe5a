using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary>Where the blobs and messages of one test are, and what the processes that work on them must be told.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly AzuriteProcess? _azurite;

    private Site(Topology topology, AzuriteProcess? azurite, StorageProxy? proxy)
    {
        _azurite = azurite;
        Proxy = proxy;
        Roles = topology == Topology.OneProcess ? [HostRoles.All] : [HostRoles.Functions, HostRoles.Worker, HostRoles.Worker];
        Store = azurite is null ? new FolderBlobStore(Folder, TimeProvider.System) : new AzureBlobStore(new BlobServiceClient(azurite.ConnectionString), TimeProvider.System);
        Settings = azurite is null
            ? [new("CloudPipe:Storage:Folder", Folder)]
            :
            [
                new("CloudPipe:Storage:Kind", "azure"),
                new("CloudPipe:Storage:ConnectionString", proxy?.ConnectionString ?? azurite.ConnectionString),
                new("CloudPipe:Queue:Kind", "storageQueues"),
                new("CloudPipe:Watch:Interval", "00:00:01"),
            ];
    }

    /// <summary>A folder of this test's own; the bucket, unless that is in Azurite.</summary>
    public string Folder => _folder.File("bucket");

    /// <summary>The processes, by what each does.</summary>
    public IReadOnlyList<HostRoles> Roles { get; }

    public IBlobStore Store { get; }

    /// <summary>What stands between the processes and Azurite, if anything; the test itself passes it by.</summary>
    public StorageProxy? Proxy { get; }

    /// <summary>What of <see cref="Settings"/> nobody may read.</summary>
    public IReadOnlyList<string> Secrets => _azurite is null ? [] : [Proxy?.ConnectionString ?? _azurite.ConnectionString, AzuriteProcess.Key];

    /// <summary>What every process is told.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Settings { get; }

    /// <summary>Makes a site with nothing in it.</summary>
    /// <param name="topology">Which.</param>
    /// <param name="faults">The share of requests to Azurite that go wrong, 0 to 1; <see langword="null"/> for no proxy.</param>
    public static async Task<Site> CreateAsync(Topology topology, double? faults = null)
    {
        AzuriteProcess? azurite = topology == Topology.ProcessesOnAzurite ? await AzuriteProcess.StartAsync() : null;
        StorageProxy? proxy = faults is { } share ? await StorageProxy.StartAsync(azurite!.ConnectionString, share, seed: 1) : null;
        var site = new Site(topology, azurite, proxy);
        await site.Store.CreateContainersAsync(BlobContainers.All);
        await site.WithQueueAsync(async queue =>
        {
            await queue.CreateQueuesAsync(BucketSession.Queues);
            return true;
        });
        return site;
    }

    /// <summary>Looks at the queues beside the processes.</summary>
    public async Task<T> WithQueueAsync<T>(Func<IMessageQueue, Task<T>> look)
    {
        if (_azurite is not null)
        {
            return await look(new AzureStorageMessageQueue(new QueueServiceClient(_azurite.ConnectionString), Store, new QueueOptions()));
        }

        using var queue = new SqliteMessageQueue(Path.Combine(Folder, ".cloudpipe", "queue.db"), new QueueOptions());
        return await look(queue);
    }

    public async ValueTask DisposeAsync()
    {
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _folder.Dispose();
    }
}
