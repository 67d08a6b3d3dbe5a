using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Checkpoints;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Methods;
using CloudPipe.Runs;
using CloudPipe.Shards;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.Options;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Methods;

[Collection(TorchCollection.Name)]
public sealed class MethodTrainingTests : IDisposable
{
    private static readonly TrainingRecipe Recipe = new()
    {
        Epochs = 8,
        BatchSize = 8,
        MaxLearningRate = 1e-2,
        EmaDecay = 0.9,
        HorizontalFlip = false,
        Loss = LossKind.BinaryCrossEntropy,
        HeadLayers = 1,
        HeadWidth = 32,
        LayerScaleInitialValue = 0.1,
    };

    private static readonly TrainingRecipe Remembering = Recipe with { Method = MethodKind.FeatureMemory, Epochs = 3 };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<MethodKind, FramePooling, int> Methods() => new()
    {
        { MethodKind.Frames, FramePooling.Mean, 0 },
        { MethodKind.Frames, FramePooling.Max, 2 },
        { MethodKind.Frames, FramePooling.Median, 0 },
        { MethodKind.Clip, default, 0 },
        { MethodKind.FeatureMemory, default, 1 },
        { MethodKind.FeatureMemory, default, 2 },
    };

    public static TheoryData<TrainingRecipe> Interruptions() =>
    [
        Remembering,
        Remembering with { Precision = TrainingPrecision.BFloat16, GradientCheckpointing = true, GradientAccumulation = 2, LayerDecay = 0.8, Sampling = SamplingKind.ClassBalanced },
    ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_fold_learns_what_its_method_shows(MethodKind kind, FramePooling pooling, int drawn)
    {
        FoldResult result = Train("a", RecipeOf(kind, pooling, drawn), ArchitectureOf(kind), clips: 96);

        Assert.InRange(result.Epochs[^1].MeanAveragePrecision!.Value, 0.9, 1 + 1e-12); // half of the labels are 1
        Assert.InRange(result.Epochs[0].Loss / MethodClips.ClassCount, 0.3, 1); // a sample's, whatever the frames: ln 2 a class at the start
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Inspections_are_scored_as_training_measured(MethodKind kind, FramePooling pooling, int drawn)
    {
        (TrainingRecipe recipe, string architecture) = (RecipeOf(kind, pooling, drawn), ArchitectureOf(kind));
        FoldResult result = Train("a", recipe with { Epochs = 1 }, architecture, clips: 16);
        var store = new FolderBlobStore(folder.File("bucket"));
        await store.CreateContainersAsync(BlobContainers.All);
        await store.WriteBytesAsync(new BlobPath(BlobContainers.Releases, "m/0.safetensors"), await File.ReadAllBytesAsync(result.Task.WeightsPath));
        using TileDataset dataset = Dataset("a", recipe, 16);
        int frames = dataset.Header.StoredTiles;
        var member = new Member(architecture, 0, "m/0.safetensors", MethodClips.TileSize, 1) { Method = recipe.MemberMethod() };
        var taxonomy = new Taxonomy("two", [.. QvPipeTaxonomy.Taxonomy.Classes.Take(MethodClips.ClassCount)], NormalIndex: 0);
        var release = new Release("m", taxonomy, MethodClips.Grid, 60, recipe.Mean, recipe.StandardDeviation, [member], new PostProcessing())
        {
            Frames = frames,
            Sampling = frames == 4 ? FrameSampling.Uniform : FrameSampling.Dense,
        };
        Assert.Empty(ReleaseValidator.Validate(release));
        using var scorer = new EnsembleScorer(new WeightsCache(store, folder.File("cache")), Options.Create(new ScoringOptions { Device = "cpu", BatchSize = 3 }), MethodClips.CreateNetwork);
        SegmentTiles[] segments = [.. result.Task.ValidationClips.Select(clip => Segment(dataset, clip))];

        float[][] rows = [.. (await scorer.ScoreAsync(release, member, segments)).Select(prediction => prediction.Probabilities)];

        Assert.All(rows.Zip(result.Probabilities), row => Assert.All(row.First.Zip(row.Second), pair => Assert.Equal(pair.Second, pair.First, 1e-5)));
        Assert.True(rows.Select(row => row[0]).Distinct().Count() > 1);
        Array.ForEach(segments, segment => segment.Dispose());
    }

    [Theory]
    [MemberData(nameof(Interruptions))]
    public void A_feature_memory_that_is_stopped_goes_on_to_the_same_weights(TrainingRecipe recipe)
    {
        FoldResult whole = Train("whole", recipe, TinyNetwork.Name, clips: 32);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train("stopped", recipe, TinyNetwork.Name, clips: 32, cancellation: cancellation, stopAfter: 5));

        FoldResult resumed = Train("stopped", recipe, TinyNetwork.Name, clips: 32);

        Assert.Equal(File.ReadAllBytes(whole.Task.WeightsPath), File.ReadAllBytes(resumed.Task.WeightsPath));
        Assert.Equal(whole.Epochs, resumed.Epochs);
    }

    [Fact]
    public void A_feature_memory_is_of_checkpoints_and_not_of_weights()
    {
        FoldResult result = Train("a", Remembering with { Epochs = 1 }, TinyNetwork.Name, clips: 16);

        using WeightsFile weights = WeightsFile.Open(result.Task.WeightsPath);
        Assert.All(weights.Entries, entry => Assert.Matches("^(encoder|head)\\.", entry.Key));
        using WeightsFile checkpoint = WeightsFile.Open(Directory.EnumerateFiles(folder.File("a-checkpoints")).Single());
        Assert.Equal([12, 3, 24], checkpoint.Find("memory/features")!.Shape);
    }

    [Fact]
    public void Recomputed_blocks_give_the_same_bytes()
    {
        FoldResult plain = Train("a", Remembering, TinyNetwork.Name, clips: 32);
        FoldResult recomputed = Train("b", Remembering with { GradientCheckpointing = true }, TinyNetwork.Name, clips: 32);

        Assert.Equal(File.ReadAllBytes(plain.Task.WeightsPath), File.ReadAllBytes(recomputed.Task.WeightsPath));
    }

    [Fact]
    public void An_encoder_starts_from_weights_that_are_given()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> published = ModelCatalog.Create("convnext_atto", new ModelOptions(ClassCount: 1000, LayerScaleInitialValue: 0.5));
        SafetensorsWriter.Write(folder.File("published.safetensors"), published.state_dict());

        FoldResult result = Train("a", Remembering with { Epochs = 1, MaxLearningRate = 1e-9, WeightDecay = 0 }, "convnext_atto", clips: 16, initialWeights: folder.File("published.safetensors"));

        using WeightsFile trained = WeightsFile.Open(result.Task.WeightsPath);
        Assert.Equal(0.5f, trained.Read("encoder.stages.3.blocks.0.gamma").to_type(ScalarType.Float32)[0].item<float>(), 1e-3f);
        Assert.Null(trained.Find("encoder.head.fc.weight"));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Training_leaves_no_tensor_behind(MethodKind kind, FramePooling pooling, int drawn)
    {
        (TrainingRecipe recipe, string architecture) = (RecipeOf(kind, pooling, drawn), ArchitectureOf(kind));
        Train("a", recipe with { Epochs = 1 }, architecture, clips: 16);
        long before = LiveTensors.CountSettled();

        Train("b", recipe with { Epochs = 2, GradientAccumulation = 2 }, architecture, clips: 16);

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static TrainingRecipe RecipeOf(MethodKind kind, FramePooling pooling, int drawn) => Recipe with
    {
        Method = kind,
        FramePooling = pooling,
        FramesPerSample = kind == MethodKind.Frames ? drawn : 0,
        ClipsPerSample = kind == MethodKind.FeatureMemory ? drawn : 1,
    };

    private static string ArchitectureOf(MethodKind kind) => kind == MethodKind.Clip ? TinyClipNetwork.Name : TinyNetwork.Name;

    private static SegmentTiles Segment(TileDataset dataset, int clip)
    {
        FrameTime[] frames = [.. Enumerable.Range(0, dataset.Header.StoredTiles).Select(frame => new FrameTime(frame, frame))];
        var segment = new SegmentTiles(new SegmentManifest(clip, 0, 60, frames), dataset.Header.TileSize);
        dataset.ReadStored(clip, 0, segment.WritablePixels.Span);
        return segment;
    }

    private TileDataset Dataset(string name, TrainingRecipe recipe, int clips)
    {
        string path = folder.File($"{name}.tiles");
        return File.Exists(path) ? TileDataset.Open(path) : recipe.Method switch
        {
            MethodKind.Clip => MethodClips.OverTime(path, clips),
            MethodKind.FeatureMemory => MethodClips.InOneClipOfThree(path, clips),
            _ => MethodClips.InEveryFrame(path, clips),
        };
    }

    private FoldResult Train(string name, TrainingRecipe recipe, string architecture, int clips, CancellationTokenSource? cancellation = null, int stopAfter = 0, string? initialWeights = null)
    {
        int threads = get_num_threads();
        set_num_threads(MethodClips.Threads);
        try
        {
            using TileDataset dataset = Dataset(name, recipe, clips);
            var trainer = new FoldTrainer(
                dataset, MethodClips.ClassCount, recipe, seed: 5, CPU, halfPrecisionWeights: false, initialWeights, checkpointSteps: 1, networks: MethodClips.CreateNetwork);
            int[] training = [.. Enumerable.Range(0, clips * 3 / 4)];
            int[] validation = [.. Enumerable.Range(clips * 3 / 4, clips / 4)];
            var task = new FoldTask(architecture, 0, training, validation, folder.File($"{name}.safetensors"), new CheckpointFolder(folder.File($"{name}-checkpoints")))
            {
                OnStep = step =>
                {
                    if (((step.Epoch - 1) * step.Batches) + step.Batch == stopAfter)
                        cancellation!.Cancel();
                },
            };
            return trainer.Train(task, cancellation?.Token ?? CancellationToken.None)!;
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
