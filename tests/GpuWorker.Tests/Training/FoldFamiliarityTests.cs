using CloudPipe.Familiarity;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Runs;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training;

[Collection(TorchCollection.Name)]
public sealed class FoldFamiliarityTests : IDisposable
{
    private const string Architecture = "convnext_atto";

    private readonly TemporaryFolder folder = new();
    private readonly nn.Module<Tensor, Tensor> network;

    public FoldFamiliarityTests()
    {
        manual_seed(1);
        network = ModelCatalog.Create(Architecture, new ModelOptions(SyntheticClips.ClassCount, LayerScaleInitialValue: 1));
    }

    public void Dispose()
    {
        network.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Held_out_clips_are_familiar_and_noise_is_not()
    {
        using TileDataset clips = SyntheticClips.Create(folder.File("clips"), count: 120);

        FeatureStatistics statistics = Measure(clips, Task(0, 80), seed: 1)!;

        Assert.Equal((Architecture, 1, 40 + 80 + 160), (statistics.Architecture, statistics.Fold, statistics.FeatureCount));
        var scorer = new FamiliarityScorer(statistics);
        double[] heldOut = [.. Features(TilesOf(clips, Enumerable.Range(80, 40))).Select(row => scorer.Familiarity(row)).Order()];
        Assert.InRange(heldOut[20], 0.4, 0.6);
        Assert.Equal(1, heldOut[^1], 1e-6);
        Assert.All(Features(Noise(clips)), row => Assert.Equal(0, scorer.Familiarity(row)));
    }

    [Fact]
    public void The_same_clips_give_the_same_statistics_and_the_network_keeps_nothing()
    {
        using TileDataset clips = SyntheticClips.Create(folder.File("clips"), count: 60);
        FeatureStatistics first = Measure(clips, Task(0, 40), seed: 1)!;
        long before = LiveTensors.CountSettled();

        FeatureStatistics second = Measure(clips, Task(0, 40), seed: 1)!;

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(first.CovarianceFactor, second.CovarianceFactor);
        Assert.Equal(first.DistanceQuantiles, second.DistanceQuantiles);
    }

    [Theory]
    [InlineData(41, 19)]
    [InlineData(19, 41)]
    public void Too_few_clips_of_either_kind_tell_nothing(int training, int heldOut)
    {
        using TileDataset clips = SyntheticClips.Create(folder.File("clips"), count: training + heldOut);

        Assert.Null(Measure(clips, Task(0, training, heldOut), seed: 1));
    }

    [Fact]
    public void Clips_that_look_the_same_tell_nothing()
    {
        using TileDataset clips = SyntheticClips.Create(folder.File("clips"), count: 4);
        int[] one = [.. Enumerable.Repeat(0, FoldFamiliarity.FewestClips)];

        Assert.Null(Measure(clips, Task(0, 1, 1) with { TrainingClips = one, ValidationClips = one }, seed: 1));
    }

    private static FoldTask Task(int first, int training, int heldOut = -1) => new(
        Architecture,
        FoldIndex: 1,
        [.. Enumerable.Range(first, training)],
        [.. Enumerable.Range(first + training, heldOut < 0 ? training / 2 : heldOut)],
        "unused",
        Checkpoints: null);

    private static Method SuperImages(TileDataset clips) => Method.Of(new TrainingRecipe { Mean = [0.5, 0.5, 0.5], StandardDeviation = [0.25, 0.25, 0.25] }, clips.Header);

    private FeatureStatistics? Measure(TileDataset clips, FoldTask task, int seed) =>
        new FoldFamiliarity(clips, SuperImages(clips), batchSize: 8, CPU, seed).Measure(network, task, CancellationToken.None);

    private static Tensor TilesOf(TileDataset clips, IEnumerable<int> which) => SuperImages(clips).Build(new TileBatcher(clips, classCount: 0).Tiles([.. which]), CPU);

    // Saturated where the clips are grey.
    private static Tensor Noise(TileDataset clips) => TilesOf(clips, [0, 1, 2, 3]).randn_like().mul_(4);

    private float[][] Features(Tensor images)
    {
        network.eval();
        using StageMeans means = StageMeans.Of(network)!;
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        Tensor features = means.Call(images).Means;
        return [.. features.data<float>().ToArray().Chunk((int)features.shape[1])];
    }
}
