using System.Text.Json;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Inspections;
using CloudPipe.Queues;

namespace CloudPipe.EndToEnd.Tests;

public sealed class KillTests
{
    private const int VideoCount = 30;

    // A killed process holds its messages until their locks expire: short ones keep the test short.
    private static readonly string[] _shortLocks = ["--set", "Queue:VisibilityTimeout=00:00:05"];

    [Theory]
    [InlineData(Topology.OneProcess)]
    [InlineData(Topology.ProcessesOnSqlite)]
    [InlineData(Topology.ProcessesOnAzurite)]
    public Task FiveKillsLoseAndDoubleNothing(Topology topology) => KillAsync(topology, kills: 5, seed: 1);

    [Theory]
    [InlineData(Topology.OneProcess)]
    [InlineData(Topology.ProcessesOnSqlite)]
    [InlineData(Topology.ProcessesOnAzurite)]
    [Trait("Category", "Long")]
    public Task FiftyKillsLoseAndDoubleNothing(Topology topology) =>
        // A kill counts as a delivery: a message that is in hand at five of fifty kills is no poison.
        KillAsync(topology, kills: 50, seed: 2, "--set", "Queue:MaxDeliveryCount=50");

    private static async Task KillAsync(Topology topology, int kills, int seed, params string[] settings)
    {
        await using Bucket bucket = await Bucket.CreateAsync(topology);
        for (int index = 0; index < VideoCount; index++)
        {
            await bucket.DropAsync($"clip-{index:D2}.mp4", await Clips.GetAsync((ulong)(index % 6)));
        }

        var random = new Random(seed);
        string[] arguments = [.. _shortLocks, .. settings];
        HostProcess[] processes = bucket.Serve(arguments);
        for (int kill = 0; kill < kills; kill++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1 + (random.NextDouble() * 2.5)));
            Assert.All(processes, process => Assert.False(process.HasExited, "A process ended by itself."));
            int victim = random.Next(processes.Length);
            processes[victim].Kill();
            processes[victim] = bucket.Serve(processes[victim].Roles, arguments);
        }

        await bucket.WaitForResultsAsync(VideoCount, TimeSpan.FromMinutes(4));
        while ((await bucket.CountWorkAsync()).Pending > 0)
        {
            Assert.All(processes, process => Assert.False(process.HasExited, "A process ended by itself."));
            await Task.Delay(200);
        }

        foreach (HostProcess process in processes)
        {
            await process.WaitUntilServingAsync();
            Assert.Equal(0, await process.StopAsync());
        }

        IReadOnlyList<InspectionResult> results = await bucket.ReadResultsAsync();
        Assert.All(results, result => Assert.Equal(InspectionStatus.Completed, result.Status));
        Assert.Equal(
            Enumerable.Range(0, VideoCount).Select(index => $"clip-{index:D2}.mp4"),
            results.Select(result => result.BlobName).Order(StringComparer.Ordinal));
        Assert.Equal(new QueueStatistics(0, 0), await bucket.CountWorkAsync());

        // An event may have been sent twice, but never under two ids.
        IReadOnlyList<JsonElement> events = await bucket.DrainEventsAsync();
        Assert.All(events, sent => Assert.Equal("com.cloudpipe.inspection.completed", sent.GetProperty("type").GetString()));
        ILookup<string, string> idsByVideo = events.ToLookup(sent => sent.GetProperty("subject").GetString()!, sent => sent.GetProperty("id").GetString()!);
        Assert.Equal(VideoCount, idsByVideo.Count);
        Assert.All(idsByVideo, ids => Assert.Single(ids.Distinct()));
    }
}
