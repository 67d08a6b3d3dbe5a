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

        // A sweep that a timer starts meanwhile, or a worker that slept through the others, is no inspection's cost: the cheapest of three counts.
        var measured = new List<StorageCall[]>();
        for (int video = 0; video < 3; video++)
        {
            int before = bucket.Calls.Count;
            await bucket.DropAsync($"measured-{video}.mp4", await Clips.GetAsync(5));
            await bucket.WaitForResultsAsync(5 + video, TimeSpan.FromMinutes(1));
            await Bucket.WaitForAsync(async () => (await bucket.CountWorkAsync()).Pending == 0);
            measured.Add([.. bucket.Calls.Skip(before)]);
        }

        StorageCall[] calls = measured.MinBy(calls => Blobs(calls).Length + Messages(calls).Length)!;
        StorageCall[] blobs = Blobs(calls);
        StorageCall[] messages = Messages(calls);
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

    private static StorageCall[] Blobs(StorageCall[] calls) => [.. calls.Where(call => call.IsBeyondFrames)];

    // Finding the upload is the host's own business.
    private static StorageCall[] Messages(StorageCall[] calls) => [.. calls.Where(call => call.SendsMessage && call.Path[0] != UploadMessage.Queue)];
}
