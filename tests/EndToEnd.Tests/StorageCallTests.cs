using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Local.Triggers;
using CloudPipe.Queues;
using CloudPipe.Storage;

namespace CloudPipe.EndToEnd.Tests;

/// <summary>What an inspection costs in a storage account, counted on the wire.</summary>
public sealed class StorageCallTests
{
    private const int MostCalls = 8;
    private const int MostMessages = 4;

    [Fact]
    public async Task A_phone_video_takes_eight_storage_calls_and_four_messages_beyond_its_frames()
    {
        await using Bucket bucket = await Bucket.CreateAsync(Topology.ProcessesOnAzurite, faults: 0);
        HostProcess[] processes = bucket.Serve();

        // The first one of a process reads the release, its weights and the webhooks.
        for (int warming = 0; warming < 4; warming++)
        {
            await bucket.DropAsync($"warming-{warming}.mp4", await Clips.GetAsync((ulong)warming));
        }

        await bucket.WaitForResultsAsync(4, TimeSpan.FromMinutes(2));
        await Bucket.WaitForAsync(async () => (await bucket.CountWorkAsync()).Pending == 0);
        int before = bucket.Calls.Count;
        await bucket.DropAsync("measured.mp4", await Clips.GetAsync(5));
        await bucket.WaitForResultsAsync(5, TimeSpan.FromMinutes(1));
        await Bucket.WaitForAsync(async () => (await bucket.CountWorkAsync()).Pending == 0);
        StorageCall[] calls = [.. bucket.Calls.Skip(before)];

        // ffmpeg reads the video by signed addresses; looking for uploads and asking queues is no inspection's cost.
        StorageCall[] blobs = [.. calls.Where(call => call is { IsBlob: true, IsSigned: false } && call.Path is [not BlobContainers.Shards, _, ..])];
        StorageCall[] messages = [.. calls.Where(call => call is { IsBlob: false, Method: "POST" } && call.Path is [not UploadMessage.Queue, "messages"])];
        Assert.True(blobs.Length <= MostCalls, string.Join('\n', blobs.Select(call => call.ToString())));
        Assert.True(messages.Length <= MostMessages, string.Join('\n', messages.Select(call => call.ToString())));
        Assert.Contains(blobs, call => call.Path[0] == BlobContainers.Results);
        Assert.Contains(messages, call => call.Path[0] == QueueNames.Events);
        Assert.Contains(calls, call => call.IsSigned);
        foreach (HostProcess process in processes)
        {
            Assert.Equal(0, await process.StopAsync());
        }
    }
}
