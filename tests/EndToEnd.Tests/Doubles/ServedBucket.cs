using System.Diagnostics;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Inspections;
using CloudPipe.Local.Api;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;
using CloudPipe.Progress;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.EndToEnd.Tests.Doubles;

/// <summary>The hosts of a new bucket, in this process.</summary>
internal sealed class ServedBucket : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _cache = new();
    private readonly Site _site;
    private readonly KeyValuePair<string, string?>[] _overrides;
    private List<IHost> _hosts = [];

    private ServedBucket(Site site, KeyValuePair<string, string?>[] overrides)
    {
        _site = site;
        _overrides =
        [
            .. site.Settings,
            new("CloudPipe:Inspections:DefaultRelease", SmallRelease.Name),
            new("CloudPipe:Inspections:SegmentsPerShard", "2"),
            new("CloudPipe:Watch:SettleTime", "00:00:00.3"),
            new("CloudPipe:Scoring:CacheFolder", _cache.FullPath),
            new("CloudPipe:Queue:VisibilityTimeout", "00:00:05"),
            .. overrides,
        ];
    }

    /// <summary>The bucket's folder, where it is one.</summary>
    public string Folder => _site.Folder;

    /// <summary>Where the HTTP API is served, if the configuration says so.</summary>
    public Uri Api => _hosts[0].Services.GetRequiredService<ApiServer>().Address!;

    /// <summary>Where to drop videos, in a folder.</summary>
    public string Inspections => Path.Combine(Folder, BlobContainers.Inspections);

    /// <summary>The services of the first process.</summary>
    public IServiceProvider Services => _hosts[0].Services;

    public IBlobStore Store => _site.Store;

    public IMessageQueue Queue => _hosts[0].Services.GetRequiredService<IMessageQueue>();

    public static Task<ServedBucket> CreateAsync(params KeyValuePair<string, string?>[] overrides) => CreateAsync(Topology.OneProcess, overrides);

    public static async Task<ServedBucket> CreateAsync(Topology topology, params KeyValuePair<string, string?>[] overrides)
    {
        Site site = await Site.CreateAsync(topology);
        await SmallRelease.PublishAsync(site.Store);
        return new ServedBucket(site, overrides);
    }

    public async Task StartAsync()
    {
        _hosts = [.. _site.Roles.Select(roles => LocalServices.Build(new CommandSettings(Overrides: _overrides), LogLevel.Warning, roles))];
        await Task.WhenAll(_hosts.Select(host => host.StartAsync()));
    }

    public async Task StopAsync()
    {
        await Task.WhenAll(_hosts.Select(host => host.StopAsync()));
        _hosts.ForEach(host => host.Dispose());
        _hosts = [];
    }

    public Task DropAsync(string name, byte[] content) => Store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, name), content);

    /// <summary>Waits until every upload has a result.</summary>
    public async Task<IReadOnlyDictionary<string, InspectionResult>> WaitAsync(int uploads)
    {
        var reader = _hosts[0].Services.GetRequiredService<ProgressReader>();
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            IReadOnlyList<InspectionProgress> all = await reader.ReadAllAsync();
            if (all.Count == uploads && all.All(progress => progress.IsFinished))
            {
                return all.ToDictionary(progress => progress.BlobName, progress => progress.Result!);
            }

            Assert.True(
                Stopwatch.GetElapsedTime(start) < _patience,
                $"Not finished: {string.Join("; ", all.Select(progress => $"{progress.BlobName} {progress.Stage} {progress.Describe()}"))}");
            await Task.Delay(50);
        }
    }

    /// <summary>Waits until as many events lie in the events queue: they follow the result.</summary>
    public async Task WaitForEventsAsync(int count)
    {
        long start = Stopwatch.GetTimestamp();
        while ((await Queue.GetStatisticsAsync(QueueNames.Events)).Pending != count)
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < _patience, $"There are never {count} events.");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _site.DisposeAsync();
        _cache.Dispose();
    }
}
