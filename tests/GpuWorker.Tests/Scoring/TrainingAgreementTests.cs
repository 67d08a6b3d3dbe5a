using System.Diagnostics;
using CloudPipe.Datasets;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Shards;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Scoring;

/// <summary>What training measures on a clip of a data set, a release scores on the same clip as an inspection.</summary>
[Collection(TorchCollection.Name)]
public sealed class TrainingAgreementTests : IDisposable
{
    private const int Grid = 2;
    private const int TileSize = 32;

    private static readonly double[] Half = [0.5, 0.5, 0.5];

    private readonly TemporaryFolder _folder = new();
    private readonly FolderBlobStore _store;

    public TrainingAgreementTests() => _store = new FolderBlobStore(_folder.File("bucket"));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(4, FrameSampling.Uniform, false)]
    [InlineData(4, FrameSampling.Sequence, true)]
    [InlineData(8, FrameSampling.Sequence, false)]
    [InlineData(12, FrameSampling.Dense, true)]
    public async Task A_clip_scores_in_service_as_after_training(int frames, FrameSampling sampling, bool withViews)
    {
        await _store.CreateContainersAsync(BlobContainers.All);
        byte[] clip = await WriteClipAsync();
        TestTimeAugmentation? augmentation = withViews ? new(Flip: true, Shuffle: 1, Resample: frames > Grid * Grid) : null;
        var release = new Release("small", QvPipeTaxonomy.Taxonomy, Grid, 60, Half, Half, [new Member("convnext_atto", 0, "small/0.safetensors", TileSize, 1)], new PostProcessing())
        {
            Frames = sampling == FrameSampling.Uniform ? null : frames,
            Sampling = sampling,
            TestTimeAugmentation = augmentation,
        };
        double[] measured = await MeasureAsync(new DatasetCut(Grid, TileSize, frames, sampling), augmentation);

        IReadOnlyList<float> scored = await ScoreAsync(release, clip);

        Assert.All(measured.Zip(scored), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    private async Task<byte[]> WriteClipAsync()
    {
        Directory.CreateDirectory(_folder.File("clips"));
        using Process ffmpeg = Process.Start("ffmpeg", $"-v error -f lavfi -i testsrc2=s=96x64:r=10:d=3 -c:v libx264 -pix_fmt yuv420p {_folder.File("clips/a.mp4")}");
        await ffmpeg.WaitForExitAsync();
        return await File.ReadAllBytesAsync(_folder.File("clips/a.mp4"));
    }

    // As the training step scores an evaluation's data set.
    private async Task<double[]> MeasureAsync(DatasetCut cut, TestTimeAugmentation? augmentation)
    {
        var import = new DatasetImport("data", DatasetFormat.QvPipe, QvPipeTaxonomy.Taxonomy, _folder.File("clips"), [new DatasetSample("a.mp4", "a.mp4", [1])], cut);
        Dataset dataset = await new DatasetImporter(_store, parallelism: 1).ImportAsync(import);
        using TileDataset tiles = await new TileDatasetBuilder(TileSize, 1).BuildAsync(_store, dataset, _folder.File("cache"), CancellationToken.None);
        manual_seed(1);
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(17, LayerScaleInitialValue: 1));
        SafetensorsWriter.Write(_folder.File("weights"), network.state_dict());
        await _store.WriteBytesAsync(new BlobPath(BlobContainers.Releases, "small/0.safetensors"), await File.ReadAllBytesAsync(_folder.File("weights")));
        return new TileScorer(tiles, Method.Of(new TrainingRecipe { Mean = Half, StandardDeviation = Half }, tiles.Header), 4, CPU).Score(network, [0], CancellationToken.None, augmentation)[0];
    }

    private async Task<IReadOnlyList<float>> ScoreAsync(Release release, byte[] clip)
    {
        await _store.WriteJsonAsync(Release.PathOf(release.Name), release);
        await _store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, "a.mp4"), clip);
        var options = new InspectionOptions { DefaultRelease = release.Name };
        var releases = new ReleaseStore(_store);
        using var queue = new SqliteMessageQueue(_folder.File("queue.db"), new QueueOptions());
        var ingest = new IngestStep(_store, queue, releases, new VideoProbe(_store, options), new InspectionPlanner(options), options, TimeProvider.System, NullLogger<IngestStep>.Instance);
        using var scorer = new EnsembleScorer(new WeightsCache(_store, _folder.File("weights-cache")), Options.Create(new ScoringOptions { Device = "cpu" }));

        UploadHead head = (await UploadHead.ReadAsync(_store, new BlobPath(BlobContainers.Inspections, "a.mp4")))!;
        await ingest.RunAsync(head, CancellationToken.None);
        InspectionPlan plan = (await _store.ReadJsonAsync<InspectionPlan>(InspectionPlan.PathOf(InspectionId.Create("a.mp4", head.Properties.ETag))))!;
        await new CutShardStep(_store, queue, new ShardCutter(_store, options), NullLogger<CutShardStep>.Instance).RunAsync(new CutMessage(plan.InspectionId, 0), CancellationToken.None);
        await new ScoreStep(_store, queue, releases, scorer).RunAsync(new ScoreMessage(plan.InspectionId, 0, 0));
        return (await _store.ReadJsonAsync<ShardPrediction>(plan.PredictionPath(0, 0)))!.Members[0].Probabilities[0];
    }
}
