using System.Text.Json;
using CloudPipe.Datasets;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Ensembling;
using CloudPipe.Labels;
using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests;

/// <summary>A training request dropped into a served bucket, with and without deaths of the process.</summary>
public sealed class TrainingTests
{
    internal const string Request = """
        { "dataset": "clips", "models": [{ "architecture": "convnext_atto" }], "folds": 2, "seed": 3,
          "recipe": { "epochs": 6, "batchSize": 5, "emaDecay": 0.9, "layerScaleInitialValue": 0.1 } }
        """;

    [Fact]
    public async Task A_run_that_is_killed_again_and_again_makes_the_release_of_one_that_is_not()
    {
        await using Bucket undisturbed = await Bucket.CreateAsync();
        await using Bucket disturbed = await Bucket.CreateAsync();
        await ImportAsync(undisturbed);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(undisturbed.Folder, BlobContainers.Datasets), "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(disturbed.Folder, Path.GetRelativePath(undisturbed.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        Dictionary<string, byte[]> expected = await TrainAsync(undisturbed, kills: 0);
        Dictionary<string, byte[]> actual = await TrainAsync(disturbed, kills: 4);

        Assert.Equal(3, expected.Count);
        Assert.Equal(expected, actual);
        Release release = await new ReleaseStore(disturbed.Store).GetAsync("tiny");
        Assert.Equal(2, release.Members.Count);
        Assert.Equal(2, release.Familiarity!.Members.Count);
        Assert.Equal(new QueueStatistics(0, 0), await disturbed.CountWorkAsync());
        JsonElement[] events = [.. await disturbed.DrainEventsAsync()];
        Assert.All(events, sent => Assert.Equal("com.cloudpipe.run.completed", sent.GetProperty("type").GetString()));
        Assert.Single(events.Select(sent => sent.GetProperty("id").GetString()).Distinct());
    }

    /// <summary>Serves the bucket until the run has ended, and returns the release's files.</summary>
    private static async Task<Dictionary<string, byte[]>> TrainAsync(Bucket bucket, int kills)
    {
        using var folder = new TemporaryFolder();

        // One epoch a message and short locks: a kill costs little, and the next process goes on soon.
        string[] arguments =
        [
            "--set", "Queue:VisibilityTimeout=00:00:05", "--set", "Training:SliceTime=00:00:00", "--set", $"Training:CacheFolder={folder.File("cache")}", "--set", "Scoring:Threads=1",
        ];
        Directory.CreateDirectory(Path.Combine(bucket.Folder, BlobContainers.Training));
        await File.WriteAllTextAsync(Path.Combine(bucket.Folder, BlobContainers.Training, "tiny.json"), Request);
        var random = new Random(7);
        for (int kill = 0; kill < kills; kill++)
        {
            HostProcess victim = bucket.Serve(arguments)[0];
            await Task.Delay(TimeSpan.FromSeconds(2 + (random.NextDouble() * 1.5)));
            Assert.False(victim.HasExited, "The host ended by itself.");
            victim.Kill();
        }

        HostProcess host = bucket.Serve(arguments)[0];
        RunResult result = await WaitAsync(bucket, host);
        Assert.True(result.Status == RunStatus.Completed, result.Reason);
        while ((await bucket.CountWorkAsync()).Pending > 0)
            await Task.Delay(100);

        Assert.Equal(0, await host.StopAsync());
        string releases = Path.Combine(bucket.Folder, BlobContainers.Releases);
        return new[] { Path.Combine(releases, "tiny.json") }.Concat(Directory.EnumerateFiles(Path.Combine(releases, "tiny")))
            .ToDictionary(file => Path.GetRelativePath(releases, file), File.ReadAllBytes);
    }

    // Enough clips for the statistics of familiarity, which must not depend on the deaths either.
    internal static async Task ImportAsync(Bucket bucket)
    {
        using var folder = new TemporaryFolder();
        string videos = Directory.CreateDirectory(folder.File("videos")).FullName;
        DatasetSample[] samples = [.. Enumerable.Range(0, 40).Select(clip => new DatasetSample($"{clip}.mp4", $"{clip}.mp4", [clip % 4]))];
        foreach ((int index, DatasetSample sample) in samples.Index())
            await File.WriteAllBytesAsync(Path.Combine(videos, sample.File), await Clips.GetAsync((ulong)(index % 6)));

        await bucket.Store.CreateContainersAsync([BlobContainers.Datasets]);
        await new DatasetImporter(bucket.Store, parallelism: 2).ImportAsync(
            new DatasetImport("clips", DatasetFormat.QvPipe, QvPipeTaxonomy.Taxonomy, videos, samples, DatasetCut.Uniform(grid: 2, tileSize: 32)));
    }

    private static async Task<RunResult> WaitAsync(Bucket bucket, HostProcess host)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        string runs = Path.Combine(bucket.Folder, BlobContainers.Runs);
        while (true)
        {
            if (Directory.Exists(runs) && Directory.EnumerateFiles(runs, "result.json", SearchOption.AllDirectories).FirstOrDefault() is { } file)
                return (await bucket.Store.ReadJsonAsync<RunResult>(RunResult.PathOf(Path.GetFileName(Path.GetDirectoryName(file)!))))!;

            Assert.False(host.HasExited, "The host ended by itself.");
            await Task.Delay(200, patience.Token);
        }
    }
}
