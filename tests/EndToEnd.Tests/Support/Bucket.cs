using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary>A bucket on disk, looked at the way its owner looks: the folder, and the queue beside it.</summary>
internal sealed class Bucket : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public Bucket()
    {
        Directory.CreateDirectory(Inspections);
        Store = new FolderBlobStore(Folder, TimeProvider.System);
    }

    public string Folder => _folder.FullPath;

    public string Inspections => Path.Combine(Folder, BlobContainers.Inspections);

    public FolderBlobStore Store { get; }

    public void Drop(string name, byte[] content) => File.WriteAllBytes(Path.Combine(Inspections, name), content);

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

    /// <summary>Takes every event off the events queue.</summary>
    public async Task<IReadOnlyList<JsonElement>> DrainEventsAsync()
    {
        using SqliteMessageQueue queue = OpenQueue();
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
    }

    /// <summary>Counts what waits and what was set aside, over every queue but the events.</summary>
    public async Task<QueueStatistics> CountWorkAsync()
    {
        using SqliteMessageQueue queue = OpenQueue();
        long pending = 0;
        long dead = 0;
        foreach (string name in QueueNames.All.Where(name => name != QueueNames.Events))
        {
            QueueStatistics statistics = await queue.GetStatisticsAsync(name);
            pending += statistics.Pending;
            dead += statistics.DeadLetters;
        }

        return new QueueStatistics(pending, dead);
    }

    public void Dispose() => _folder.Dispose();

    private SqliteMessageQueue OpenQueue() => new(Path.Combine(Folder, ".cloudpipe", "queue.db"), new QueueOptions());
}
