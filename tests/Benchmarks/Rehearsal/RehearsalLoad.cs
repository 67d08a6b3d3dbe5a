using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;

namespace CloudPipe.Benchmarks.Rehearsal;

/// <summary>Drops videos into a site's bucket, so many at a time, and takes their events off the queue as a user's software does.</summary>
/// <param name="site">The site.</param>
/// <param name="inFlight">How many videos are under way at once.</param>
internal sealed class RehearsalLoad(RehearsalSite site, int inFlight)
{
    private const int ReportEvery = 1000;

    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, long> _dropped = [];
    private int _next;

    /// <summary>Runs one stretch: drops as many videos as are wanted and waits for all of their events.</summary>
    /// <param name="video">What each upload holds.</param>
    /// <param name="count">How many.</param>
    /// <returns>What it took.</returns>
    /// <exception cref="TimeoutException">No event came for five minutes.</exception>
    public async Task<RehearsalStretch> RunAsync(byte[] video, int count)
    {
        long start = Stopwatch.GetTimestamp();
        double processor = site.ProcessorSeconds;
        var latencies = new List<double>(count);
        int drops = 0;
        long lastEvent = start;
        while (latencies.Count < count)
        {
            while (drops < count && _dropped.Count < inFlight)
            {
                await DropAsync(video);
                drops++;
            }

            foreach (string subject in await TakeEventsAsync())
            {
                // A repeat of an event is none of a new video.
                if (_dropped.Remove(subject, out long droppedAt))
                {
                    latencies.Add(Stopwatch.GetElapsedTime(droppedAt).TotalSeconds);
                    lastEvent = Stopwatch.GetTimestamp();
                    if (latencies.Count % ReportEvery == 0)
                    {
                        await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{latencies.Count:N0} of {count:N0} after {Stopwatch.GetElapsedTime(start):hh\\:mm\\:ss}"));
                    }
                }
            }

            if (Stopwatch.GetElapsedTime(lastEvent) > _patience)
            {
                throw new TimeoutException($"No event came for {_patience.TotalMinutes:0} minutes; {latencies.Count} of {count} have.");
            }
        }

        latencies.Sort();
        return new RehearsalStretch(count, Stopwatch.GetElapsedTime(start).TotalSeconds, site.ProcessorSeconds - processor, latencies);
    }

    private async Task DropAsync(byte[] video)
    {
        string name = $"{_next++:D6}.mp4";
        _dropped[name] = Stopwatch.GetTimestamp();
        await site.Store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, name), video);
    }

    private async Task<IReadOnlyList<string>> TakeEventsAsync()
    {
        IReadOnlyList<ReceivedMessage> received = await site.Queue.ReceiveAsync(QueueNames.Events, 32, TimeSpan.FromMinutes(1));
        if (received.Count == 0)
        {
            await Task.Delay(20);
        }

        var subjects = new List<string>();
        foreach (ReceivedMessage message in received)
        {
            JsonElement sent = JsonSerializer.Deserialize<JsonElement>(message.Body, CloudPipeJson.Options);
            if (sent.GetProperty("type").GetString() != "com.cloudpipe.inspection.completed")
            {
                throw new InvalidOperationException($"A video was not completed: {message.Body}");
            }

            subjects.Add(sent.GetProperty("subject").GetString()!);
            await site.Queue.CompleteAsync(message);
        }

        return subjects;
    }
}
