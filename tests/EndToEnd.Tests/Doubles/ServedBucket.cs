using System.Diagnostics;
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

/// <summary>The single-machine host, in this process, on a new folder.</summary>
internal sealed class ServedBucket : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private readonly KeyValuePair<string, string?>[] _overrides;
    private IHost? _host;

    public ServedBucket(params KeyValuePair<string, string?>[] overrides) => _overrides =
    [
        new("CloudPipe:Inspections:DefaultRelease", SmallRelease.Name),
        new("CloudPipe:Inspections:SegmentsPerShard", "2"),
        new("CloudPipe:Watch:SettleTime", "00:00:00.3"),
        new("CloudPipe:Scoring:CacheFolder", _folder.File("cache")),
        new("CloudPipe:Queue:VisibilityTimeout", "00:00:05"),
        .. overrides,
    ];

    public string Folder => _folder.File("bucket");

    /// <summary>Where the HTTP API is served, if the configuration says so.</summary>
    public Uri Api => _host!.Services.GetRequiredService<ApiServer>().Address!;

    public string Inspections => Path.Combine(Folder, BlobContainers.Inspections);

    public IBlobStore Store => _host!.Services.GetRequiredService<IBlobStore>();

    public IMessageQueue Queue => _host!.Services.GetRequiredService<IMessageQueue>();

    public async Task StartAsync()
    {
        _host = LocalServices.Build(new CommandSettings(Folder, _overrides), LogLevel.Warning);
        await Store.CreateContainersAsync(BlobContainers.All);
        await SmallRelease.PublishAsync(Store);
        await _host.StartAsync();
    }

    public async Task StopAsync()
    {
        await _host!.StopAsync();
        _host.Dispose();
        _host = null;
    }

    /// <summary>Waits until every upload has a result.</summary>
    public async Task<IReadOnlyDictionary<string, InspectionResult>> WaitAsync(int uploads)
    {
        var reader = _host!.Services.GetRequiredService<ProgressReader>();
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
        if (_host is not null)
        {
            await StopAsync();
        }

        _folder.Dispose();
    }
}
