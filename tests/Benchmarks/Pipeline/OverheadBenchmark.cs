using System.Diagnostics;
using System.Globalization;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.Inspections;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;
using CloudPipe.Shards;
using CloudPipe.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Benchmarks.Pipeline;

/// <summary>
/// What the pipeline costs beyond ffmpeg and the networks: the demo's videos through a host that serves (watching, queues,
/// plans, shards, predictions, results, reports, events), against the same ffmpeg runs and network passes called directly,
/// as many at a time; in turns, on the same files, both warm.
/// </summary>
internal static class OverheadBenchmark
{
    private const double AllowedOverhead = 0.10;
    private const int Rounds = 5;

    // Several of each video: a second of settling, which no one would call work, weighs less than in a demo of seconds.
    private const int Copies = 3;

    /// <summary>Runs it.</summary>
    /// <param name="args">The folder of videos, by default the one that <c>make demo</c> fills.</param>
    /// <returns>0 when the figure holds, 1 when not, 2 when there are no videos.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        string videos = args.FirstOrDefault() ?? Path.Combine(".setup", "demo");
        string[] files = Directory.Exists(videos) ? [.. Directory.EnumerateFiles(videos).Order(StringComparer.Ordinal)] : [];
        if (!files.Any(UploadFilter.IsVideo))
        {
            await Console.Error.WriteLineAsync($"bench: there is no video in '{videos}': run 'make demo' first, or name a folder.");
            return 2;
        }

        var overheads = new List<double>();
        for (int round = 0; round <= Rounds; round++)
        {
            DirectoryInfo bucket = Directory.CreateTempSubdirectory("cloudpipe-overhead-");
            try
            {
                using IHost host = LocalServices.Build(new CommandSettings(bucket.FullName), LogLevel.Warning);
                await host.StartAsync();
                double pipeline = await ServeAsync(bucket.FullName, files);
                await host.StopAsync();
                double direct = await CallAsync(host.Services);
                if (round > 0) // The first pair warms both up.
                {
                    overheads.Add((pipeline / direct) - 1);
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: pipeline {pipeline:0.00} s, ffmpeg and networks {direct:0.00} s, overhead {overheads[^1]:P1}"));
                }
            }
            finally
            {
                bucket.Delete(recursive: true);
            }
        }

        double median = overheads.Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"overhead: {median:P1} (median of {Rounds}; under {AllowedOverhead:P0} wanted)"));
        return median < AllowedOverhead ? 0 : 1;
    }

    /// <summary>Drops the videos into the served bucket and waits for all results; seconds.</summary>
    private static async Task<double> ServeAsync(string bucket, string[] files)
    {
        string inspections = Path.Combine(bucket, BlobContainers.Inspections);
        string results = Path.Combine(bucket, BlobContainers.Results);
        int expected = Copies * files.Count(UploadFilter.IsVideo);
        long started = Stopwatch.GetTimestamp();
        for (int copy = 0; copy < Copies; copy++)
        {
            foreach (string file in files.OrderBy(UploadFilter.IsVideo)) // sidecars first
            {
                // Not File.Copy: it keeps the file's date, and the sweep would take the upload for a forgotten one.
                await File.WriteAllBytesAsync(Path.Combine(inspections, $"{copy}-{Path.GetFileName(file)}"), await File.ReadAllBytesAsync(file));
            }
        }

        while (Directory.EnumerateFiles(results, "result.json", SearchOption.AllDirectories).Count() < expected)
        {
            await Task.Delay(20);
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Probes, cuts, decodes and scores the very same uploads without the pipeline; seconds.</summary>
    private static async Task<double> CallAsync(IServiceProvider services)
    {
        var store = services.GetRequiredService<IBlobStore>();
        var options = services.GetRequiredService<InspectionOptions>();
        Release release = await services.GetRequiredService<ReleaseStore>().GetAsync(options.DefaultRelease);
        var uploads = new List<BlobProperties>();
        await foreach (BlobProperties blob in store.ListAllAsync(BlobContainers.Inspections))
        {
            uploads.Add(blob);
        }

        long started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(
            uploads.Where(upload => UploadFilter.IsVideo(upload.Path.Name)),
            new ParallelOptions { MaxDegreeOfParallelism = services.GetRequiredService<FunctionsOptions>().Concurrency },
            async (upload, cancellationToken) =>
            {
                try
                {
                    await ScoreAsync(services, store, release, upload, cancellationToken);
                }
                catch (InspectionRejectedException)
                {
                    // The demo has files that are no videos; finding that out is ffmpeg's work too.
                }
            });
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task ScoreAsync(IServiceProvider services, IBlobStore store, Release release, BlobProperties upload, CancellationToken cancellationToken)
    {
        VideoInfo video = await services.GetRequiredService<VideoProbe>().ProbeAsync((await UploadHead.ReadAsync(store, upload.Path, cancellationToken))!, cancellationToken);
        Sidecar sidecar = await Sidecar.ReadAsync(store, upload.Path.Name, cancellationToken);
        InspectionPlan plan = services.GetRequiredService<InspectionPlanner>().Plan(upload, video, release, sidecar, DateTimeOffset.UnixEpoch);
        foreach (Shard shard in plan.Shards)
        {
            IReadOnlyList<ShardSegment> segments = await services.GetRequiredService<ShardCutter>().CutAsync(plan, shard.Index, cancellationToken);
            foreach (IGrouping<int, Member> sameTileSize in release.Members.GroupBy(member => member.TileSize))
            {
                var tiles = new List<SegmentTiles>();
                await foreach (SegmentTiles decoded in TileDecoder.DecodeAsync(segments, sameTileSize.Key, cancellationToken))
                {
                    tiles.Add(decoded);
                }

                foreach (Member member in sameTileSize)
                {
                    await services.GetRequiredService<EnsembleScorer>().ScoreAsync(release, member, tiles, cancellationToken);
                }

                tiles.ForEach(segment => segment.Dispose());
            }
        }
    }
}
