using System.Text.Json;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Inspections;
using CloudPipe.Queues;

namespace CloudPipe.EndToEnd.Tests;

/// <summary>Processes whose requests to the storage account get lost, cut, delayed and refused on the way.</summary>
public sealed class NetworkFaultTests
{
    // Several times what an account that is in trouble shows.
    private const double Faults = 0.03;

    [Fact]
    public Task TwentyVideosAreNeitherLostNorDoubled() => RunAsync(20);

    [Fact]
    [Trait("Category", "Long")]
    public Task TwoHundredVideosAreNeitherLostNorDoubled() => RunAsync(200);

    private static async Task RunAsync(int videoCount)
    {
        await using Bucket bucket = await Bucket.CreateAsync(Topology.ProcessesOnAzurite, Faults);
        for (int index = 0; index < videoCount; index++)
        {
            await bucket.DropAsync($"clip-{index:D3}.mp4", await Clips.GetAsync((ulong)(index % 6)));
        }

        // A message whose lock is lost to a fault should not wait long. Faults are nobody's poison.
        HostProcess[] processes = bucket.Serve("--set", "Queue:VisibilityTimeout=00:00:15", "--set", "Queue:MaxDeliveryCount=20");
        try
        {
            await bucket.WaitForResultsAsync(videoCount, TimeSpan.FromMinutes(2 + (videoCount / 20)));
        }
        catch (TimeoutException exception)
        {
            string[] logs = await Task.WhenAll(processes.Select(process => process.KillAndReadLogAsync()));
            throw new TimeoutException($"{exception.Message}\n{string.Join('\n', bucket.Calls.Where(call => call.Fault != Fault.None))}\n{string.Join('\n', logs)}");
        }

        while ((await bucket.CountWorkAsync()).Pending > 0)
        {
            Assert.All(processes, process => Assert.False(process.HasExited, "A process ended by itself."));
            await Task.Delay(200);
        }

        foreach (HostProcess process in processes)
        {
            Assert.Equal(0, await process.StopAsync());
        }

        Assert.All(Enum.GetValues<Fault>(), fault => Assert.Contains(bucket.Calls, call => call.Fault == fault));
        IReadOnlyList<InspectionResult> results = await bucket.ReadResultsAsync();
        Assert.All(results, result => Assert.True(result.Status == InspectionStatus.Completed, $"{result.BlobName}: {result.Reason?.Message}"));
        Assert.Equal(videoCount, results.DistinctBy(result => result.BlobName).Count());
        Assert.Equal(videoCount, results.Count);
        Assert.Equal(new QueueStatistics(0, 0), await bucket.CountWorkAsync());
        ILookup<string, string> idsByVideo = (await bucket.DrainEventsAsync()).ToLookup(Subject, sent => sent.GetProperty("id").GetString()!);
        Assert.Equal(videoCount, idsByVideo.Count);
        Assert.All(idsByVideo, ids => Assert.Single(ids.Distinct()));
    }

    private static string Subject(JsonElement sent) => sent.GetProperty("subject").GetString()!;
}
