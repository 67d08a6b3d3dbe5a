using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Optimization;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Runs;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training.Checkpoints;

[Collection(TorchCollection.Name)]
public sealed class FoldCheckpointsTests : IDisposable
{
    private static readonly TrainingRecipe Recipe = new()
    {
        Epochs = 2,
        BatchSize = 6,
        MaxLearningRate = 2e-3,
        EmaDecay = 0.9,
        LayerScaleInitialValue = 0.1,
        DropPathRate = 0.2,
    };

    private readonly TemporaryFolder folder = new();

    public static TheoryData<TrainingRecipe> Recipes() =>
    [
        Recipe with { EpochSelection = EpochSelection.Best },
        Recipe with { Optimizer = OptimizerKind.Sgd, Schedule = ScheduleKind.WarmRestarts, RestartEpochs = 1, LayerDecay = 0.8 },
        Recipe with { Precision = TrainingPrecision.BFloat16, GradientCheckpointing = true },
        Recipe with { VerticalFlip = true, Rotation = 10, ColorJitter = new(0.4, 0.4, 0.4, 0.1), Augmentation = AugmentationKind.AutoAugment },
    ];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Recipes))]
    public void A_fold_that_is_stopped_within_an_epoch_goes_on_to_the_same_weights(TrainingRecipe recipe)
    {
        FoldResult whole = Train("whole", recipe);
        Stop("stopped", recipe, afterBatches: 5);

        FoldResult resumed = Train("stopped", recipe);

        Assert.Equal(File.ReadAllBytes(whole.Task.WeightsPath), File.ReadAllBytes(resumed.Task.WeightsPath));
        Assert.Equal(whole.Epochs, resumed.Epochs);
        Assert.Equal(whole.KeptEpoch, resumed.KeptEpoch);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_and_the_one_before_it_is_used()
    {
        FoldResult whole = Train("whole", Recipe);
        Stop("stopped", Recipe, afterBatches: 5);
        string[] checkpoints = Checkpoints("stopped");
        Assert.Equal(2, checkpoints.Length);
        Flip(checkpoints[1], File.ReadAllBytes(checkpoints[1]).Length / 2);
        var log = new LogLines();

        FoldResult resumed = Train("stopped", Recipe, log: log);

        Assert.Contains(log.Lines, message => message.Contains($"convnext_atto, fold 0: the checkpoint {Path.GetFileNameWithoutExtension(checkpoints[1])} is not used: it is damaged", StringComparison.Ordinal));
        Assert.Contains(log.Lines, message => message.Contains("goes on at epoch 2, batch 2", StringComparison.Ordinal));
        Assert.Equal(File.ReadAllBytes(whole.Task.WeightsPath), File.ReadAllBytes(resumed.Task.WeightsPath));
    }

    [Fact]
    public void A_number_of_the_header_that_changed_is_damage_too()
    {
        Stop("stopped", Recipe, afterBatches: 5);
        foreach (string path in Checkpoints("stopped"))
        {
            byte[] bytes = File.ReadAllBytes(path);
            int epoch = bytes.AsSpan().IndexOf("epoch\\u0022:"u8);
            Assert.True(epoch > 0);
            bytes[epoch + "epoch\\u0022:".Length] ^= 1;
            File.WriteAllBytes(path, bytes);
        }

        var exception = Assert.Throws<TrainingException>(() => Train("stopped", Recipe));

        Assert.Contains("does not have the hash", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_of_another_recipe_is_refused()
    {
        Stop("stopped", Recipe, afterBatches: 5);

        var exception = Assert.Throws<TrainingException>(() => Train("stopped", Recipe with { WeightDecay = 0.01 }));

        Assert.Contains("the recipe", exception.Message, StringComparison.Ordinal);
        Assert.Contains("delete its checkpoints", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_checkpoint_is_refused()
    {
        Stop("stopped", Recipe, afterBatches: 5);
        using (Tensor number = ones(1))
            SafetensorsWriter.Write(Path.Combine(KilledFold.CheckpointsOf(folder.File("stopped")), "step-999999999.safetensors"), [KeyValuePair.Create("a", number)]);

        var log = new LogLines();
        Train("stopped", Recipe, log: log);

        Assert.Contains(log.Lines, message => message.Contains("it is no checkpoint", StringComparison.Ordinal));
    }

    [Fact]
    public void A_finished_fold_is_not_trained_again()
    {
        FoldResult first = Train("a", Recipe);
        File.Delete(first.Task.WeightsPath); // As on another machine.

        FoldResult second = Train("a", Recipe, onStep: step => Assert.Fail($"{step} was done again."));

        Assert.Equal(first.Probabilities.SelectMany(row => row), second.Probabilities.SelectMany(row => row));
        Assert.Single(Checkpoints("a"));
    }

    [Fact]
    public void Resuming_leaves_no_tensor_behind()
    {
        Stop("a", Recipe, afterBatches: 4);
        long before = LiveTensors.CountSettled();

        Train("a", Recipe);

        Assert.Equal(before, Tensor.TotalCount);
    }

    private static void Flip(string path, int place)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[place] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private string[] Checkpoints(string name) => [.. Directory.EnumerateFiles(KilledFold.CheckpointsOf(folder.File(name))).Order(StringComparer.Ordinal)];

    private FoldResult Train(string name, TrainingRecipe recipe, Action<FoldStep>? onStep = null, LogLines? log = null, CancellationToken cancellationToken = default)
    {
        string path = Directory.CreateDirectory(folder.File(name)).FullName;
        return KilledFold.Train(path, onStep, cancellationToken, recipe, logger: log);
    }

    // Three batches make an epoch: a checkpoint follows each, and the last two are kept.
    private void Stop(string name, TrainingRecipe recipe, int afterBatches)
    {
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => Train(
            name,
            recipe,
            step =>
            {
                if (((step.Epoch - 1) * step.Batches) + step.Batch == afterBatches)
                    cancellation.Cancel();
            },
            cancellationToken: cancellation.Token));
    }
}
