using System.Diagnostics;
using CloudPipe.Datasets;
using CloudPipe.EndToEnd.Tests.Doubles;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Ensembling;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Methods;
using CloudPipe.Runs;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests;

/// <summary>A training request that asks for a method, and a video that its release scores.</summary>
public sealed class MethodTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(MethodKind.Frames, """ "method": "frames", "framePooling": "median", "framesPerSample": 2 """, 4, FrameSampling.Uniform)]
    [InlineData(MethodKind.FeatureMemory, """ "method": "featureMemory", "headLayers": 1, "headWidth": 16 """, 8, FrameSampling.Dense)]
    public async Task What_a_request_trains_scores_by_the_same_method(MethodKind method, string recipe, int frames, FrameSampling sampling)
    {
        await using ServedBucket bucket = await ServedBucket.CreateAsync(Topology.OneProcess, new("CloudPipe:Training:CacheFolder", _folder.File("training")), new("CloudPipe:Scoring:Threads", "1"));
        await bucket.StartAsync();
        await ImportAsync(bucket.Store, new DatasetCut(Grid: 2, TileSize: 32, frames, sampling));
        string request = $$"""{ "dataset": "clips", "models": [{ "architecture": "convnext_atto" }], "folds": 2, "recipe": { "epochs": 1, "batchSize": 2, {{recipe}} } }""";
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(bucket.Folder, BlobContainers.Training)).FullName, "by-method.json"), request);
        RunResult run = await WaitForRunAsync(bucket);

        Assert.True(run.Status == RunStatus.Completed, run.Reason);
        Release release = await new ReleaseStore(bucket.Store).GetAsync("by-method");
        Assert.All(release.Members, member => Assert.Equal(method, member.Method?.Kind));
        Assert.Equal((frames, sampling), (release.FrameCount, release.Sampling));

        await File.WriteAllTextAsync(Path.Combine(bucket.Inspections, "film.mp4.json"), """{ "release": "by-method" }""");
        await File.WriteAllBytesAsync(Path.Combine(bucket.Inspections, "film.mp4"), await Clips.GetAsync(seed: 3));
        InspectionResult result = Assert.Single(await bucket.WaitAsync(uploads: 1)).Value;
        Assert.True(result.Status == InspectionStatus.Completed, result.Reason?.Message);
        Assert.All(result.Labels, label => Assert.InRange(label.Probability, 0, 1));
    }

    private static async Task<RunResult> WaitForRunAsync(ServedBucket bucket)
    {
        long start = Stopwatch.GetTimestamp();
        string runs = Path.Combine(bucket.Folder, BlobContainers.Runs);
        while (true)
        {
            if (Directory.EnumerateFiles(runs, "result.json", SearchOption.AllDirectories).FirstOrDefault() is { } file)
                return (await bucket.Store.ReadJsonAsync<RunResult>(RunResult.PathOf(Path.GetFileName(Path.GetDirectoryName(file)!))))!;

            Assert.True(Stopwatch.GetElapsedTime(start) < _patience, "The run has no result yet.");
            await Task.Delay(100);
        }
    }

    private async Task ImportAsync(IBlobStore store, DatasetCut cut)
    {
        string videos = Directory.CreateDirectory(_folder.File("videos")).FullName;
        DatasetSample[] samples = [.. Enumerable.Range(0, 6).Select(clip => new DatasetSample($"{clip}.mp4", $"{clip}.mp4", [clip % 3]))];
        foreach ((int index, DatasetSample sample) in samples.Index())
            await File.WriteAllBytesAsync(Path.Combine(videos, sample.File), await Clips.GetAsync((ulong)(index % 3)));

        await new DatasetImporter(store, parallelism: 2).ImportAsync(new DatasetImport("clips", DatasetFormat.QvPipe, QvPipeTaxonomy.Taxonomy, videos, samples, cut));
    }
}
