using System.Diagnostics;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Inspections;
using CloudPipe.Local.Hosting;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;

namespace CloudPipe.EndToEnd.Tests;

/// <summary>The functions and workers as processes of their own.</summary>
public sealed class RoleTests
{
    private const int VideoCount = 3;

    // Longer than a test may last: only a message that is given back can be seen again.
    private static readonly string[] _longLocks = ["--set", "Queue:VisibilityTimeout=00:05:00"];

    [Theory]
    [InlineData(Topology.ProcessesOnSqlite)]
    [InlineData(Topology.ProcessesOnAzurite)]
    public async Task A_worker_drains_what_waits_and_ends(Topology topology)
    {
        await using Bucket bucket = await Bucket.CreateAsync(topology);
        for (int index = 0; index < VideoCount; index++)
        {
            await bucket.DropAsync($"clip-{index}.mp4", await Clips.GetAsync((ulong)index));
        }

        HostProcess functions = bucket.Serve(HostRoles.Functions);
        await bucket.WaitForMessagesAsync(QueueNames.Score, VideoCount);
        HostProcess worker = bucket.Serve(HostRoles.Worker, "--drain", "--for", "00:10:00");

        Assert.Equal(0, await worker.WaitAsync(TimeSpan.FromMinutes(1)));
        await bucket.WaitForMessagesAsync(QueueNames.Score, 0);
        await bucket.WaitForResultsAsync(VideoCount, TimeSpan.FromMinutes(1));
        Assert.All(await bucket.ReadResultsAsync(), result => Assert.Equal(InspectionStatus.Completed, result.Status));
        Assert.Equal(0, await functions.StopAsync());
    }

    [Fact]
    public async Task A_worker_serves_only_the_queues_that_it_is_told()
    {
        await using Bucket bucket = await Bucket.CreateAsync(Topology.ProcessesOnSqlite);
        HostProcess preparing = bucket.Serve(HostRoles.Worker, "--drain");
        Assert.Equal(0, await preparing.WaitAsync(TimeSpan.FromMinutes(1)));
        await bucket.SendAsync(QueueNames.Score, "score", new ScoreMessage("none-1", 0, 0));
        await bucket.SendAsync(QueueNames.Train, "train", new TrainMessage("none-1", "convnext_atto", 0));

        HostProcess worker = bucket.Serve(HostRoles.Worker, "--drain", "--set", "Worker:Queues:0=train");

        Assert.Equal(0, await worker.WaitAsync(TimeSpan.FromMinutes(1)));
        await bucket.WaitForMessagesAsync(QueueNames.Score, 1);
        await bucket.WaitForMessagesAsync(QueueNames.Train, 0);
    }

    [Theory]
    [InlineData(Topology.ProcessesOnSqlite)]
    [InlineData(Topology.ProcessesOnAzurite)]
    public async Task A_worker_that_is_told_to_end_gives_its_message_back_at_once(Topology topology)
    {
        await using Bucket bucket = await Bucket.CreateAsync(topology);
        await TrainingTests.ImportAsync(bucket);
        await bucket.DropRequestAsync("long", TrainingTests.Request.Replace("\"epochs\": 6", "\"epochs\": 1000", StringComparison.Ordinal).Replace("\"folds\": 2", "\"folds\": 5", StringComparison.Ordinal));
        HostProcess functions = bucket.Serve(HostRoles.Functions, _longLocks);
        HostProcess worker = bucket.Serve(HostRoles.Worker, _longLocks);
        await Bucket.WaitForAsync(async () =>
            await bucket.Store.ListAllAsync(BlobContainers.Runs).AnyAsync(blob => blob.Path.Name.EndsWith("/progress.jsonl", StringComparison.Ordinal)));
        long start = Stopwatch.GetTimestamp();

        Assert.Equal(0, await worker.StopAsync());

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10), "Whoever stops processes waits ten seconds.");
        Assert.Equal(5, await bucket.CountVisibleAsync(QueueNames.Train));
        Assert.Equal(0, await functions.StopAsync());
    }
}
