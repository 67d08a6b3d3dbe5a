using System.Diagnostics;
using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Labels;
using CloudPipe.Local.Commands;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using TorchSharp;

namespace CloudPipe.Benchmarks.Rehearsal;

/// <summary>A bucket of its own with real processes on it: the functions, and any number of workers.</summary>
internal sealed class RehearsalSite : IAsyncDisposable
{
    private const string ReleaseName = "rehearsal";

    // The network costs some milliseconds, always the same.
    private const int TileSize = 32;
    private const int Grid = 2;

    private static readonly TimeSpan _stopPatience = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();
    private readonly AzuriteProcess? _azurite;
    private readonly StorageProxy? _proxy;
    private readonly List<Process> _processes = [];

    private RehearsalSite(AzuriteProcess? azurite, StorageProxy? proxy)
    {
        _azurite = azurite;
        _proxy = proxy;
        Store = azurite is null ? new FolderBlobStore(Bucket) : new AzureBlobStore(new BlobServiceClient(azurite.ConnectionString));
        Queue = azurite is null
            ? new SqliteMessageQueue(Path.Combine(Bucket, ".cloudpipe", "queue.db"), new QueueOptions())
            : new AzureStorageMessageQueue(new QueueServiceClient(azurite.ConnectionString), Store, new QueueOptions());
    }

    public IBlobStore Store { get; }

    public IMessageQueue Queue { get; }

    /// <summary>What passed between the processes and Azurite, where it is counted.</summary>
    public IReadOnlyCollection<StorageCall> Calls => _proxy?.Calls ?? [];

    /// <summary>The processor time of the processes so far, that of their ffmpegs included. Seconds.</summary>
    public double ProcessorSeconds => _processes.Sum(process => ReadProcessorSeconds(process.Id));

    private string Bucket => _folder.File("bucket");

    /// <summary>Makes a bucket and starts the processes.</summary>
    /// <param name="transport"><c>sqlite</c> or <c>azurite</c>.</param>
    /// <param name="workers">How many workers.</param>
    /// <param name="counts">Whether calls to Azurite are counted; that takes a proxy, which slows them.</param>
    public static async Task<RehearsalSite> StartAsync(string transport, int workers, bool counts = false)
    {
        AzuriteProcess? azurite = transport == "azurite" ? await AzuriteProcess.StartAsync(forManyBlobs: true) : null;
        var site = new RehearsalSite(azurite, counts && azurite is not null ? await StorageProxy.StartAsync(azurite.ConnectionString, share: 0, seed: 1) : null);
        await site.Store.CreateContainersAsync(BlobContainers.All);
        await site.Queue.CreateQueuesAsync(BucketSession.Queues);
        await site.PublishAsync();
        site._processes.Add(site.Start("functions"));
        for (int worker = 0; worker < workers; worker++)
        {
            site._processes.Add(site.Start("worker"));
        }

        return site;
    }

    /// <summary>Removes every upload and whatever came of it, as a bucket's lifecycle does in time.</summary>
    /// <returns>A task that ends when they are gone.</returns>
    public async Task ClearAsync()
    {
        foreach (string container in BlobContainers.All.Where(container => container != BlobContainers.Releases))
        {
            foreach (BlobProperties blob in await Store.ListAllAsync(container).ToListAsync())
            {
                await Store.DeleteAsync(blob.Path);
            }
        }
    }

    /// <summary>Ends the processes.</summary>
    /// <returns>A task that ends when everything is removed.</returns>
    public async ValueTask DisposeAsync()
    {
        foreach (Process process in _processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync().WaitAsync(_stopPatience);
            process.Dispose();
        }

        (Queue as IDisposable)?.Dispose();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_azurite is not null)
        {
            await _azurite.DisposeAsync();
        }

        _folder.Dispose();
    }

    // utime, stime and those of children that have ended, in hundredths of a second; what stands before them may hold spaces.
    private static double ReadProcessorSeconds(int process)
    {
        string[] fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ');
        return fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture)) / 100.0;
    }

    private Process Start(string role)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cloudpipe.dll"), role]) { RedirectStandardOutput = true };
        foreach ((string key, string value) in Settings())
        {
            start.Environment[$"CloudPipe__{key}"] = value;
        }

        start.Environment["Logging__LogLevel__Default"] = "Warning";

        Process process = Process.Start(start)!;
        _ = process.StandardOutput.ReadToEndAsync();
        return process;
    }

    private IEnumerable<(string Key, string Value)> Settings()
    {
        yield return ("Inspections__DefaultRelease", ReleaseName);
        yield return ("Inspections__SegmentsPerShard", "1");
        yield return ("Watch__SettleTime", "00:00:00");
        yield return ("Scoring__Threads", "1");
        yield return ("Scoring__CacheFolder", _folder.File("weights"));
        if (_azurite is null)
        {
            yield return ("Storage__Folder", Bucket);
            yield break;
        }

        yield return ("Storage__Kind", "azure");
        yield return ("Storage__ConnectionString", _proxy?.ConnectionString ?? _azurite.ConnectionString);
        yield return ("Queue__Kind", "storageQueues");
    }

    private async Task PublishAsync()
    {
        string weights = _folder.File("network");
        torch.random.manual_seed(1);
        using (torch.nn.Module<torch.Tensor, torch.Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(QvPipeTaxonomy.Taxonomy.Count)))
        {
            SafetensorsWriter.Write(weights, network.state_dict());
        }

        var member = new Member("convnext_atto", 0, $"{ReleaseName}/0.safetensors", TileSize, 1);
        await using (FileStream file = File.OpenRead(weights))
        {
            await Store.WriteAsync(new BlobPath(BlobContainers.Releases, member.Weights), file);
        }

        var release = new Release(ReleaseName, QvPipeTaxonomy.Taxonomy, Grid, SegmentSeconds: 1, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], [member], new PostProcessing());
        await Store.WriteJsonAsync(Release.PathOf(ReleaseName), release);
    }
}
