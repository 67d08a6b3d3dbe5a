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
    // The runtime compiles anew what has shown to be hot: with four workers that has ended by then.
    private const int WarmUp = 1000;

    // Inspections of a turn, and turns.
    private const int Turn = 100;
    private const int Turns = 15;

    private const int Rounds = 5;
    private const int ShardsARound = 100;

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
        report.WriteLine(await DescribeFFmpegAsync());
        report.WriteLine();
        byte[] video = await RenderAsync(seconds: 1);
        if (workers.Length > 0)
        {
            report.WriteLine("| transport | workers | inspections | inspections/s | messages/s | p50, p95, p99 from drop to event, s | processor ms each: in a bucket of 100, of them all | ratio |");
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
            report.WriteLine("| transport | shards of an inspection | inspections | processor ms a shard | a further shard | s a shard |");
            report.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: |");
            foreach (string transport in transports)
            {
                foreach (string row in await CompareShardsAsync(transport, shards))
                {
                    report.WriteLine(row);
                }
            }
        }

        return 0;
    }

    private static async Task<string> RehearseAsync(string transport, int workers, int inspections, byte[] video)
    {
        await using RehearsalSite full = await RehearsalSite.StartAsync(transport, workers);
        var load = new RehearsalLoad(full, InFlight(transport));
        await load.RunAsync(video, WarmUp);
        RehearsalStretch all = await load.RunAsync(video, inspections);

        // Two sites in turns, since the machine is not the same from one minute to the next: the bucket that has seen them
        // all, and one that never holds more than a turn's.
        await using RehearsalSite empty = await RehearsalSite.StartAsync(transport, workers);
        var few = new RehearsalLoad(empty, InFlight(transport));
        await few.RunAsync(video, WarmUp);
        var turns = new List<(double Few, double Many)>();
        for (int turn = 0; turn < Turns; turn++)
        {
            await empty.ClearAsync();
            RehearsalStretch before = await few.RunAsync(video, Turn);
            turns.Add((before.MillisecondsEach, (await load.RunAsync(video, Turn)).MillisecondsEach));
        }

        (double atFirst, double atLast) = (turns.Average(turn => turn.Few), turns.Average(turn => turn.Many));
        double rate = all.Inspections / all.Seconds;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {transport} | {workers} | {inspections:N0} | {rate:0.0} | {rate * MessagesEach:0} | {all.Percentile(0.5):0.0}, {all.Percentile(0.95):0.0}, {all.Percentile(0.99):0.0} | {atFirst:0.0}, {atLast:0.0} | {atLast / atFirst:0.00} |");
    }

    private static async Task<string> CountCallsAsync(byte[] video)
    {
        const int Counted = 50;
        await using RehearsalSite site = await RehearsalSite.StartAsync("azurite", workers: 2, counts: true);
        var load = new RehearsalLoad(site, Counted);
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

    private static async Task<IReadOnlyList<string>> CompareShardsAsync(string transport, int[] shards)
    {
        await using RehearsalSite site = await RehearsalSite.StartAsync(transport, workers: 2);
        var load = new RehearsalLoad(site, InFlight(transport));
        await load.RunAsync(await RenderAsync(seconds: 1), WarmUp);
        byte[][] videos = await Task.WhenAll(shards.Select(RenderAsync));
        var stretches = shards.Select(_ => new List<RehearsalStretch>()).ToArray();
        for (int round = 0; round < Rounds; round++)
        {
            for (int index = 0; index < shards.Length; index++)
            {
                await site.ClearAsync();
                stretches[index].Add(await load.RunAsync(videos[index], Math.Max(1, ShardsARound / shards[index])));
            }
        }

        // What an inspection costs, however many shards it has, is that of one shard less a further shard.
        double[] each = [.. stretches.Select(stretch => 1000 * stretch.Sum(part => part.ProcessorSeconds) / stretch.Sum(part => part.Inspections))];
        return [.. shards.Select((count, index) => string.Create(
            CultureInfo.InvariantCulture,
            $"| {transport} | {count} | {stretches[index].Sum(part => part.Inspections)} | {each[index] / count:0.0} | {(index == 0 ? "" : $"{(each[index] - each[0]) / (count - shards[0]):0.0}")} | {stretches[index].Sum(part => part.Seconds) / stretches[index].Sum(part => part.Inspections) / count:0.000} |"))];
    }

    // In a folder an upload is noticed at once, in a container when it is listed, every five seconds: enough must come in between.
    private static int InFlight(string transport) => transport == "sqlite" ? 32 : 256;

    private static async Task<byte[]> RenderAsync(int seconds)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("video.mp4");
        await RunFFmpegAsync("-v", "error", "-y", "-f", "lavfi", "-i", FormattableString.Invariant($"testsrc=d={seconds}:s=64x48:r=8"), "-c:v", "libx264", "-preset", "ultrafast", "-g", "8", file);
        return await File.ReadAllBytesAsync(file);
    }

    // Most of what a video of one second costs, where ffmpeg loads some two hundred libraries before it does anything.
    private static async Task<string> DescribeFFmpegAsync()
    {
        const int Starts = 10;
        string version = await RunFFmpegAsync("-version");
        long start = Stopwatch.GetTimestamp();
        for (int index = 0; index < Starts; index++)
            await RunFFmpegAsync("-version");

        return string.Create(CultureInfo.InvariantCulture, $"{version.Split(" Copyright")[0]} starts in {Stopwatch.GetElapsedTime(start).TotalMilliseconds / Starts:0} ms.");
    }

    private static async Task<string> RunFFmpegAsync(params string[] arguments)
    {
        using Process ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", arguments) { RedirectStandardOutput = true })!;
        string output = await ffmpeg.StandardOutput.ReadToEndAsync();
        await ffmpeg.WaitForExitAsync();
        return output;
    }

    private static int[] Numbers(string[] args, string name, string otherwise) =>
        Argument(args, name, otherwise) is not "none" and var list ? [.. list.Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))] : [];

    private static string Argument(string[] args, string name, string otherwise) =>
        Array.IndexOf(args, name) is >= 0 and var index && index + 1 < args.Length ? args[index + 1] : otherwise;
}
