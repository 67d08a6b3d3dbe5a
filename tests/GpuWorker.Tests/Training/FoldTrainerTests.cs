using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Losses;
using CloudPipe.GpuWorker.Training.Optimization;
using CloudPipe.GpuWorker.Training.Sampling;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Runs;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training;

[Collection(TorchCollection.Name)]
public sealed class FoldTrainerTests : IDisposable
{
    private static readonly TrainingRecipe Recipe = new()
    {
        Epochs = 3,
        BatchSize = 8,
        MaxLearningRate = 2e-3,
        EmaDecay = 0.9,
        LayerScaleInitialValue = 0.1,
        DropPathRate = 0.1,
    };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_fold_learns_what_is_easy_to_see()
    {
        FoldResult result = Train("a", Recipe with { Epochs = 12, DropPathRate = 0 }, clips: 96);

        Assert.Equal(12, result.KeptEpoch);
        Assert.True(result.Epochs[^1].Loss < result.Epochs[0].Loss, $"The loss went from {result.Epochs[0].Loss} to {result.Epochs[^1].Loss}.");
        Assert.InRange(result.Epochs[^1].MeanAveragePrecision!.Value, 0.95, 1);
        Assert.Equal(result.Task.ValidationClips.Count, result.Probabilities.Count);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        FoldResult first = Train("a", Recipe);
        FoldResult second = Train("b", Recipe);
        FoldResult other = Train("c", Recipe, seed: 8);

        Assert.Equal(File.ReadAllBytes(first.Task.WeightsPath), File.ReadAllBytes(second.Task.WeightsPath));
        Assert.Equal(first.Probabilities.SelectMany(row => row), second.Probabilities.SelectMany(row => row));
        Assert.Equal(first.Epochs, second.Epochs);
        Assert.NotEqual(File.ReadAllBytes(first.Task.WeightsPath), File.ReadAllBytes(other.Task.WeightsPath));
    }

    [Fact]
    public void The_best_epoch_is_kept_when_asked_for()
    {
        FoldResult result = Train("a", Recipe with { EpochSelection = EpochSelection.Best });

        Assert.Equal(result.Epochs.MaxBy(epoch => epoch.MeanAveragePrecision)!.Epoch, result.KeptEpoch);
    }

    [Fact]
    public void Folds_start_from_weights_that_are_given()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> published = ModelCatalog.Create("convnext_atto", new ModelOptions(ClassCount: 1000, LayerScaleInitialValue: 0.5));
        SafetensorsWriter.Write(folder.File("published.safetensors"), published.state_dict());
        TrainingRecipe still = Recipe with { Epochs = 1, MaxLearningRate = 1e-9, WeightDecay = 0 };

        FoldResult result = Train("a", still, initialWeightsFile: folder.File("published.safetensors"));

        using WeightsFile trained = WeightsFile.Open(result.Task.WeightsPath);
        Tensor stem = trained.Read("stem.0.weight").to_type(ScalarType.Float32);
        Assert.True(stem.allclose(published.state_dict()["stem.0.weight"], rtol: 1e-2, atol: 1e-4));
        Assert.Equal(0.5f, trained.Read("stages.3.blocks.0.gamma").to_type(ScalarType.Float32)[0].item<float>(), 1e-3f);
        Assert.Equal([SyntheticClips.ClassCount, 320], trained.Find("head.fc.weight")!.Shape);
    }

    public static TheoryData<TrainingRecipe> Options() =>
    [
        Recipe with { GradientAccumulation = 2 },
        Recipe with { Loss = LossKind.BinaryCrossEntropy, LabelSmoothing = 0.1 },
        Recipe with { Optimizer = OptimizerKind.Sgd, MaxLearningRate = 0.1, LayerDecay = 0.9 },
        Recipe with { Schedule = ScheduleKind.WarmRestarts, WarmUpFraction = 0.1, RestartEpochs = 0.5 },
        Recipe with { GradientClipping = ClippingKind.Adaptive, AdaptiveClipFactor = 0.1 },
        Recipe with { Sampling = SamplingKind.ClassBalanced },
        Recipe with { Precision = TrainingPrecision.BFloat16 },
        Recipe with { VerticalFlip = true },
        Recipe with { Rotation = 10 },
        Recipe with { ColorJitter = new(0.4, 0.4, 0.4, 0.1) },
        Recipe with { Augmentation = AugmentationKind.RandAugment },
        Recipe with { Augmentation = AugmentationKind.AutoAugment },
    ];

    [Theory]
    [MemberData(nameof(Options))]
    [Trait("Category", "Long")]
    public void Every_option_tells_repeats_itself_and_leaves_no_tensor_behind(TrainingRecipe option)
    {
        FoldResult usual = Train("usual", Recipe with { Epochs = 1 });
        FoldResult first = Train("a", option with { Epochs = 1 });
        long before = LiveTensors.CountSettled();

        FoldResult second = Train("b", option with { Epochs = 1 });

        Assert.Equal(before, Tensor.TotalCount);
        Assert.Equal(first.Probabilities.SelectMany(row => row), second.Probabilities.SelectMany(row => row));
        Assert.NotEqual(usual.Probabilities.SelectMany(row => row), second.Probabilities.SelectMany(row => row));
    }

    [Fact]
    public void Recomputed_blocks_give_the_same_bytes()
    {
        FoldResult plain = Train("a", Recipe);
        FoldResult recomputed = Train("b", Recipe with { GradientCheckpointing = true });

        Assert.Equal(File.ReadAllBytes(plain.Task.WeightsPath), File.ReadAllBytes(recomputed.Task.WeightsPath));
    }

    [Fact]
    public void Bfloat16_follows_float32_closely()
    {
        FoldResult exact = Train("a", Recipe with { DropPathRate = 0 });
        FoldResult rounded = Train("b", Recipe with { DropPathRate = 0, Precision = TrainingPrecision.BFloat16 });

        Assert.All(exact.Epochs.Zip(rounded.Epochs), pair => Assert.Equal(pair.First.Loss, pair.Second.Loss, 0.03 * pair.First.Loss));
        Assert.NotEqual(exact.Epochs[^1].Loss, rounded.Epochs[^1].Loss);
    }

    [Fact]
    public void A_fold_that_gets_no_better_ends_early()
    {
        TrainingRecipe still = Recipe with { Epochs = 9, MaxLearningRate = 1e-12, WeightDecay = 0, EarlyStopPatience = 2 };

        FoldResult result = Train("a", still);

        Assert.Equal(3, result.Epochs.Count); // The first measurement is the best, two more are no better.
        Assert.Equal(3, result.KeptEpoch);
        Assert.Equal(1, Train("b", still with { EpochSelection = EpochSelection.Best }).KeptEpoch);
        Assert.Equal(5, Train("c", still with { ValidationInterval = 2, Epochs = 5 }).Epochs.Count);
    }

    [Fact]
    public void Several_views_change_what_is_measured_after_training_and_nothing_else()
    {
        FoldResult plain = Train("a", Recipe with { Epochs = 1 });
        FoldResult averaged = Train("b", Recipe with { Epochs = 1 }, testTimeAugmentation: new(Shuffle: 2));

        Assert.Equal(File.ReadAllBytes(plain.Task.WeightsPath), File.ReadAllBytes(averaged.Task.WeightsPath));
        Assert.Equal(plain.Epochs, averaged.Epochs);
        Assert.NotEqual(plain.Probabilities.SelectMany(row => row), averaged.Probabilities.SelectMany(row => row));
    }

    [Fact]
    public void Training_leaves_no_tensor_behind()
    {
        Train("a", Recipe with { Epochs = 1 });
        long before = LiveTensors.CountSettled();

        Train("b", Recipe with { Epochs = 2, GradientAccumulation = 2 });

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void A_diverging_run_says_what_to_change()
    {
        var exception = Assert.Throws<TrainingException>(() => Train("a", Recipe with { MaxLearningRate = 10, LayerScaleInitialValue = 1, GradientClipping = ClippingKind.None, WeightDecay = 1, InitialDivisor = 1, Mean = [1e30, 1e30, 1e30], StandardDeviation = [1e-30, 1e-30, 1e-30] }));

        Assert.Contains("maxLearningRate", exception.Message, StringComparison.Ordinal);
        Assert.Contains("convnext_atto, fold 0 is no number in epoch 1, step 1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_stops_between_two_steps()
    {
        using var cancellation = new CancellationTokenSource();
        long steps = 0;
        Assert.Throws<OperationCanceledException>(() => Train("a", Recipe, onStep: CancelAfterTwo, cancellationToken: cancellation.Token));
        Assert.Equal(2, steps);

        void CancelAfterTwo(FoldStep step)
        {
            if (++steps == 2)
                cancellation.Cancel();
        }
    }

    private FoldResult Train(string name, TrainingRecipe recipe, int clips = 32, int seed = 7, Action<FoldStep>? onStep = null, string? initialWeightsFile = null, TestTimeAugmentation? testTimeAugmentation = null, CancellationToken cancellationToken = default)
    {
        int threads = get_num_threads();
        set_num_threads(2);
        try
        {
            using TileDataset dataset = SyntheticClips.Create(folder.File($"{name}.tiles"), clips);
            int[] training = [.. Enumerable.Range(0, clips * 3 / 4)];
            int[] validation = [.. Enumerable.Range(clips * 3 / 4, clips / 4)];
            var trainer = new FoldTrainer(dataset, SyntheticClips.ClassCount, recipe, seed, device(DeviceType.CPU), halfPrecisionWeights: true, initialWeightsFile, testTimeAugmentation: testTimeAugmentation);
            return trainer.Train(new FoldTask("convnext_atto", 0, training, validation, folder.File($"{name}.safetensors")) { OnStep = onStep }, cancellationToken)!;
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
