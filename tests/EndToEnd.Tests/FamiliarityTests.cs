using CloudPipe.Datasets;
using CloudPipe.EndToEnd.Tests.Doubles;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Runs;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests;

/// <summary>A release that is trained on PipeSim's pipes, and real footage of a street (OpenCV's vtest.avi, from Debian's opencv-doc).</summary>
public sealed class FamiliarityTests : IDisposable
{
    private const string Street = "/usr/share/doc/opencv-doc/examples/data/vtest.avi";
    private const int Clips = 80;
    private const int NewClips = 6;

    private const string Request = """
        { "dataset": "clips", "release": "pipes", "models": [{ "architecture": "convnext_atto" }], "folds": 2, "seed": 3, "segmentSeconds": 10,
          "recipe": { "epochs": 4, "batchSize": 8, "maxLearningRate": 0.002, "emaDecay": 0.9, "layerScaleInitialValue": 0.1 } }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_street_is_flagged_and_new_pipes_are_not()
    {
        if (!File.Exists(Street))
            return;

        await using ServedBucket bucket = await ServedBucket.CreateAsync(new KeyValuePair<string, string?>("CloudPipe:Training:CacheFolder", _folder.File("training")));
        await bucket.StartAsync();
        await TrainAsync(bucket);
        File.Copy(Street, Path.Combine(bucket.Inspections, "street.avi"));
        await File.WriteAllTextAsync(Path.Combine(bucket.Inspections, "street.avi.json"), """{ "release": "pipes" }""");
        for (int clip = 0; clip < NewClips; clip++)
        {
            await File.WriteAllTextAsync(Path.Combine(bucket.Inspections, $"pipe{clip}.mp4.json"), """{ "release": "pipes" }""");
            await File.WriteAllBytesAsync(Path.Combine(bucket.Inspections, $"pipe{clip}.mp4"), await Support.Clips.GetAsync((ulong)(1000 + clip)));
        }

        IReadOnlyDictionary<string, InspectionResult> results = await bucket.WaitAsync(1 + NewClips);

        InspectionResult street = results["street.avi"];
        Assert.True(street.Unfamiliar, $"The street's familiarity is {street.Familiarity}.");
        Assert.All(street.Segments, segment => Assert.Equal(0, segment.Familiarity!.Value, 0.01));
        Assert.True(results.Values.Count(result => result.Unfamiliar == true) == 1, string.Join(", ", results.Values.Select(result => $"{result.BlobName} {result.Familiarity}")));
        string report = await File.ReadAllTextAsync(Path.Combine(bucket.Folder, "results", street.InspectionId, "report.html"));
        Assert.Contains("unlike what the release was trained on", report, StringComparison.Ordinal);
    }

    private async Task TrainAsync(ServedBucket bucket)
    {
        string videos = Directory.CreateDirectory(_folder.File("videos")).FullName;
        for (int clip = 0; clip < Clips; clip++)
            await File.WriteAllBytesAsync(Path.Combine(videos, $"{clip}.mp4"), await Support.Clips.GetAsync((ulong)clip));

        DatasetSample[] samples = [.. Enumerable.Range(0, Clips).Select(clip => new DatasetSample($"{clip}.mp4", $"{clip}.mp4", [clip % 4]))];
        await new DatasetImporter(bucket.Store, parallelism: 2).ImportAsync(
            new DatasetImport("clips", DatasetFormat.QvPipe, QvPipeTaxonomy.Taxonomy, videos, samples, DatasetCut.Uniform(grid: 2, tileSize: 48)));
        await File.WriteAllTextAsync(Path.Combine(bucket.Folder, BlobContainers.Training, "pipes.json"), Request);

        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        while (true)
        {
            await foreach (BlobProperties blob in bucket.Store.ListAllAsync(BlobContainers.Runs, null, patience.Token))
            {
                if (blob.Path.Name.EndsWith("/result.json", StringComparison.Ordinal))
                {
                    RunResult result = (await bucket.Store.ReadJsonAsync<RunResult>(blob.Path, patience.Token))!;
                    Assert.True(result.Status == RunStatus.Completed, result.Reason);
                    return;
                }
            }

            await Task.Delay(200, patience.Token);
        }
    }
}
