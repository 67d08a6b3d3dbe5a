using System.Text;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Inspections;

namespace CloudPipe.EndToEnd.Tests;

public sealed class BadUploadTests
{
    [Theory]
    [InlineData(Topology.OneProcess)]
    [InlineData(Topology.ProcessesOnSqlite)]
    [InlineData(Topology.ProcessesOnAzurite)]
    public async Task EveryBadUploadEndsWithAReasonAndTheGoodOnesAreScored(Topology topology)
    {
        byte[] clip = await Clips.GetAsync(1);
        byte[] longClip = await Clips.GetAsync(1, seconds: 12);
        string longName = string.Concat(Enumerable.Repeat("überlänge ", 20)) + ".mp4";
        var expected = new Dictionary<string, (InspectionStatus Status, ReasonCode? Reason)>
        {
            ["good.mp4"] = (InspectionStatus.Completed, null),
            ["with spaces und ümläuten 管道.mp4"] = (InspectionStatus.Completed, null),
            ["two..dots.mp4"] = (InspectionStatus.Completed, null),
            [longName] = (InspectionStatus.Completed, null),
            ["empty.mp4"] = (InspectionStatus.Rejected, ReasonCode.EmptyFile),
            ["text.mp4"] = (InspectionStatus.Rejected, ReasonCode.NotAVideo),
            ["truncated.mp4"] = (InspectionStatus.Rejected, ReasonCode.Truncated),
            ["playlist.mp4"] = (InspectionStatus.Rejected, ReasonCode.NotAVideo),
            ["concat.mp4"] = (InspectionStatus.Rejected, ReasonCode.NotAVideo),
            ["bad-sidecar.mp4"] = (InspectionStatus.Rejected, ReasonCode.InvalidSidecar),
            ["no-release.mp4"] = (InspectionStatus.Rejected, ReasonCode.InvalidRelease),
        };
        await using Bucket bucket = await Bucket.CreateAsync(topology);
        await bucket.DropAsync("bad-sidecar.json", "{ not json"u8.ToArray());
        await bucket.DropAsync("no-release.json", """{"release":"not-there"}"""u8.ToArray());
        foreach ((string name, (InspectionStatus status, _)) in expected)
        {
            await bucket.DropAsync(name, status == InspectionStatus.Completed ? clip : Content(name, clip, longClip));
        }

        HostProcess[] processes = bucket.Serve();
        await bucket.WaitForResultsAsync(expected.Count, TimeSpan.FromMinutes(2));

        // A result is written before its event is sent.
        await Bucket.WaitForAsync(async () => (await bucket.CountWorkAsync()).Pending == 0);
        foreach (HostProcess process in processes)
        {
            Assert.Equal(0, await process.StopAsync());
        }

        IReadOnlyList<InspectionResult> results = await bucket.ReadResultsAsync();
        Assert.Equal(
            expected.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => (pair.Key, pair.Value.Status, pair.Value.Reason)),
            results.OrderBy(result => result.BlobName, StringComparer.Ordinal).Select(result => (result.BlobName, result.Status, result.Reason?.Code)));
        Assert.All(results.Where(result => result.Reason is not null), result => Assert.False(string.IsNullOrWhiteSpace(result.Reason!.Message)));
        Assert.Equal(0, (await bucket.CountWorkAsync()).DeadLetters);

        // One event an upload, of the type that its result has.
        Assert.Equal(
            results.Select(result => $"{result.BlobName} com.cloudpipe.inspection.{result.Status.ToString().ToLowerInvariant()}").Order(StringComparer.Ordinal),
            (await bucket.DrainEventsAsync()).Select(sent => $"{sent.GetProperty("subject").GetString()} {sent.GetProperty("type").GetString()}").Order(StringComparer.Ordinal));
    }

    private static byte[] Content(string name, byte[] clip, byte[] longClip) => name switch
    {
        "empty.mp4" => [],
        "text.mp4" => Encoding.UTF8.GetBytes("This is no video. " + new string('x', 5000)),
        "truncated.mp4" => longClip[..(longClip.Length / 2)],
        "playlist.mp4" => "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n"u8.ToArray(),
        "concat.mp4" => "ffconcat version 1.0\nfile 'good.mp4'\n"u8.ToArray(),
        _ => clip,
    };
}
