using System.Text;
using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Local.Hosting;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;

namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary>A bucket that other processes serve, looked at the way its owner looks: the blobs, and the queues beside them.</summary>
internal sealed class Bucket : IAsyncDisposable
{
    private readonly Site _site;
    private readonly List<HostProcess> _processes = [];

    private Bucket(Site site) => _site = site;

    /// <summary>The bucket's folder, where it is one.</summary>
    public string Folder => _site.Folder;

    public IBlobStore Store => _site.Store;

    /// <summary>What the processes are told and nobody may read.</summary>
    public IReadOnlyList<string> Secrets => _site.Secrets;

    /// <summary>What has passed between the processes and Azurite, where a proxy stands between them.</summary>
    public IReadOnlyCollection<StorageCall> Calls => _site.Proxy!.Calls;

    public static async Task<Bucket> CreateAsync(Topology topology = Topology.OneProcess, double? faults = null) => new(await Site.CreateAsync(topology, faults));

    /// <summary>Starts the processes that serve the bucket.</summary>
    public HostProcess[] Serve(params string[] arguments) => [.. _site.Roles.Select(roles => Serve(roles, arguments))];

    /// <summary>Starts one process; it ends with the bucket at the latest.</summary>
    public HostProcess Serve(HostRoles roles, params string[] arguments)
    {
        var process = HostProcess.Start(roles, _site.Settings, arguments);
        _processes.Add(process);
        return process;
    }

    public Task DropAsync(string name, byte[] content) => Store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, name), content);

    public Task DropRequestAsync(string name, string request) =>
        Store.WriteBytesAsync(new BlobPath(BlobContainers.Training, $"{name}.json"), Encoding.UTF8.GetBytes(request));

    public Task SendAsync<T>(string queueName, string id, T message)
        where T : Message => _site.WithQueueAsync(async queue =>
        {
            await queue.SendAsync(queueName, new OutgoingMessage(id, MessageSerializer.Serialize(message)));
            return true;
        });

    public async Task<IReadOnlyList<InspectionResult>> ReadResultsAsync()
    {
        var results = new List<InspectionResult>();
        await foreach (BlobProperties blob in Store.ListAllAsync(BlobContainers.Results))
        {
            if (blob.Path.Name.EndsWith("/result.json", StringComparison.Ordinal))
            {
                results.Add((await Store.ReadJsonAsync<InspectionResult>(blob.Path))!);
            }
        }

        return results;
    }

    /// <summary>Waits until as many uploads have a result, or the host's patience ends.</summary>
    public async Task WaitForResultsAsync(int count, TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        while ((await ReadResultsAsync()).Count < count)
        {
            if (timeout.IsCancellationRequested)
            {
                throw new TimeoutException($"{(await ReadResultsAsync()).Count} of {count} results after {patience}.");
            }

            await Task.Delay(200, CancellationToken.None);
        }
    }

    /// <summary>Waits until a queue holds as many messages, visible or not.</summary>
    public Task WaitForMessagesAsync(string queueName, int count) =>
        WaitForAsync(async () => await _site.WithQueueAsync(async queue => (await queue.GetStatisticsAsync(queueName)).Pending) == count);

    /// <summary>Waits until something holds.</summary>
    public static async Task WaitForAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!await holds())
        {
            await Task.Delay(100, patience.Token);
        }
    }

    /// <summary>Counts the messages of a queue that nobody holds, and leaves them there.</summary>
    public Task<int> CountVisibleAsync(string queueName) => _site.WithQueueAsync(async queue =>
    {
        IReadOnlyList<ReceivedMessage> visible = await queue.ReceiveAsync(queueName, 32, TimeSpan.FromSeconds(5));
        foreach (ReceivedMessage message in visible)
        {
            await queue.AbandonAsync(message);
        }

        return visible.Count;
    });

    /// <summary>Takes every event off the events queue.</summary>
    public Task<IReadOnlyList<JsonElement>> DrainEventsAsync() => _site.WithQueueAsync<IReadOnlyList<JsonElement>>(async queue =>
    {
        var events = new List<JsonElement>();
        while (await queue.ReceiveAsync(QueueNames.Events, 32, TimeSpan.FromMinutes(1)) is { Count: > 0 } messages)
        {
            foreach (ReceivedMessage message in messages)
            {
                events.Add(JsonSerializer.Deserialize<JsonElement>(message.Body, CloudPipeJson.Options));
                await queue.CompleteAsync(message);
            }
        }

        return events;
    });

    /// <summary>Counts what waits and what was set aside, over every queue but the events.</summary>
    public Task<QueueStatistics> CountWorkAsync() => _site.WithQueueAsync(async queue =>
    {
        long pending = 0;
        long dead = 0;
        foreach (string name in QueueNames.All.Where(name => name != QueueNames.Events))
        {
            QueueStatistics statistics = await queue.GetStatisticsAsync(name);
            pending += statistics.Pending;
            dead += statistics.DeadLetters;
        }

        return new QueueStatistics(pending, dead);
    });

    public ValueTask DisposeAsync()
    {
        _processes.ForEach(process => process.Dispose());
        return _site.DisposeAsync();
    }
}
