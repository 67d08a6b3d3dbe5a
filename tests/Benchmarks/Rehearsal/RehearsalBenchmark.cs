using System.Diagnostics;
using System.Globalization;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.Benchmarks.Rehearsal;

/// <summary>
/// Many small inspections through real processes, on SQLite and on Azurite: what the pipeline itself bears, and whether an
/// inspection costs the same after many as at first, and a shard the same in a long survey as in a short one.
/// </summary>
internal static class RehearsalBenchmark
{
    private const int InFlight = 32;
    private const int WarmUp = 100;

    // An upload's, cut, score, reduce, and the event.
    private const int MessagesEach = 5;

    /// <summary>Runs it.</summary>
    /// <param name="args"><c>--inspections N</c> (10000), <c>--workers 1,2,4</c> or <c>none</c>, <c>--transports sqlite,azurite</c>, <c>--shards 1,10,100,500</c> or <c>none</c>, <c>--out FILE</c>, which has every row as soon as it is known.</param>
    /// <returns>0 when all have come to their ends.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        int inspections = int.Parse(Argument(args, "--inspections", "10000"), CultureInfo.InvariantCulture);
        string[] transports = Argument(args, "--transports", "sqlite,azurite").Split(',');
        int[] workers = Numbers(args, "--workers", "1,2,4");
        int[] shards = Numbers(args, "--shards", "1,10,100,500");
        using var report = new RehearsalReport(Argument(args, "--out", string.Empty));
        byte[] video = await RenderAsync(seconds: 1);
        if (workers.Length > 0)
        {
            report.WriteLine("| transport | workers | inspections | inspections/s | messages/s | p50, p95, p99 from drop to event, s | processor ms each: first, last tenth | ratio |");
            report.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach ((string transport, int count) in transports.SelectMany(transport => workers.Select(count => (transport, count))))
            {
                report.WriteLine(await RehearseAsync(transport, count, inspections, video));
            }
        }

        if (transports.Contains("azurite"))
        {
            report.WriteLine();
            report.WriteLine(await CountCallsAsync(video));
        }

        if (shards.Length > 0)
        {
            report.WriteLine();
            report.WriteLine("| transport | shards of an inspection | inspections | processor ms a shard | s a shard |");
            report.WriteLine("| --- | ---: | ---: | ---: | ---: |");
            foreach (string transport in transports)
            {
                await foreach (string row in CompareShardsAsync(transport, shards))
                {
                    report.WriteLine(row);
                }
            }
        }

        return 0;
    }

    private static async Task<string> RehearseAsync(string transport, int workers, int inspections, byte[] video)
    {
        await using RehearsalSite site = await RehearsalSite.StartAsync(transport, workers);
        var load = new RehearsalLoad(site, InFlight);
        await load.RunAsync(video, WarmUp);
        int tenth = inspections / 10;
        RehearsalStretch first = await load.RunAsync(video, tenth);
        RehearsalStretch middle = await load.RunAsync(video, inspections - (2 * tenth));
        RehearsalStretch last = await load.RunAsync(video, tenth);
        var all = new RehearsalStretch(
            inspections, first.Seconds + middle.Seconds + last.Seconds, first.ProcessorSeconds + middle.ProcessorSeconds + last.ProcessorSeconds,
            [.. first.Latencies.Concat(middle.Latencies).Concat(last.Latencies).Order()]);
        double rate = all.Inspections / all.Seconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {transport} | {workers} | {inspections:N0} | {rate:0.0} | {rate * MessagesEach:0} | {all.Percentile(0.5):0.0}, {all.Percentile(0.95):0.0}, {all.Percentile(0.99):0.0} | {first.MillisecondsEach:0}, {last.MillisecondsEach:0} | {last.MillisecondsEach / first.MillisecondsEach:0.00} |");
    }

    private static async Task<string> CountCallsAsync(byte[] video)
    {
        const int Counted = 50;
        await using RehearsalSite site = await RehearsalSite.StartAsync("azurite", workers: 2, counts: true);
        var load = new RehearsalLoad(site, inFlight: 4);
        await load.RunAsync(video, Counted);
        int before = site.Calls.Count;
        await load.RunAsync(video, Counted);
        StorageCall[] calls = [.. site.Calls.Skip(before)];
        int blobs = calls.Count(call => call.IsBeyondFrames);
        int frames = calls.Count(call => call.IsBlob && (call.IsSigned || call.Path is [BlobContainers.Shards, _, ..]));
        int messages = calls.Count(call => call.SendsMessage);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Storage calls of an inspection on Azurite: {(double)blobs / Counted:0.0}, and {(double)frames / Counted:0.0} for the video and its frames; messages: {(double)messages / Counted:0.0}, the upload's own among them.");
    }

    private static async IAsyncEnumerable<string> CompareShardsAsync(string transport, int[] shards)
    {
        await using RehearsalSite site = await RehearsalSite.StartAsync(transport, workers: 2);
        var load = new RehearsalLoad(site, inFlight: 8);
        await load.RunAsync(await RenderAsync(seconds: 1), WarmUp);
        foreach (int each in shards)
        {
            // As many shards in all, however many an inspection has.
            int inspections = Math.Max(1, shards.Max() / each);
            RehearsalStretch stretch = await load.RunAsync(await RenderAsync(each), inspections);
            int total = inspections * each;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"| {transport} | {each} | {inspections} | {1000 * stretch.ProcessorSeconds / total:0} | {stretch.Seconds / total:0.000} |");
        }
    }

    private static async Task<byte[]> RenderAsync(int seconds)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("video.mp4");
        using Process ffmpeg = Process.Start(new ProcessStartInfo(
            "ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", FormattableString.Invariant($"testsrc=d={seconds}:s=64x48:r=8"), "-c:v", "libx264", "-preset", "ultrafast", "-g", "8", file]))!;
        await ffmpeg.WaitForExitAsync();
        return await File.ReadAllBytesAsync(file);
    }

    private static int[] Numbers(string[] args, string name, string otherwise) =>
        Argument(args, name, otherwise) is not "none" and var list ? [.. list.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))] : [];

    private static string Argument(string[] args, string name, string otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var index && index + 1 < args.Length ? args[index + 1] : otherwise;
}
