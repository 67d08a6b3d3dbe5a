using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Checkpoints;
using CloudPipe.Runs;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training.Checkpoints;

/// <summary>A small fold that trains in a folder, in this process or in one that is killed.</summary>
internal static class KilledFold
{
    public const string Verb = "train-fold";

    private const int Clips = 24;

    private static readonly TrainingRecipe Recipe = new()
    {
        Epochs = 3,
        BatchSize = 3,
        MaxLearningRate = 2e-3,
        EmaDecay = 0.9,
        LayerScaleInitialValue = 0.1,
        DropPathRate = 0.2,
        GradientAccumulation = 2,
        EpochSelection = EpochSelection.Best,
    };

    public static string WeightsFile(string folder) => Path.Combine(folder, "fold.safetensors");

    /// <summary>Trains, or goes on, and writes a line at each batch.</summary>
    public static int Run(string folder)
    {
        FoldResult result = Train(folder, step => Console.WriteLine($"epoch {step.Epoch}, batch {step.Batch}"), logger: new LogLines(Console.Out));
        Console.WriteLine($"done {string.Join(' ', result.Epochs)} {result.KeptEpoch}");
        return 0;
    }

    public static FoldResult Train(string folder, Action<FoldStep>? onStep = null, CancellationToken cancellationToken = default, TrainingRecipe? recipe = null, int? checkpointSteps = 1, ILogger? logger = null)
    {
        int threads = get_num_threads();
        set_num_threads(2);
        try
        {
            using TileDataset dataset = SyntheticClips.Create(Path.Combine(folder, "tiles"), Clips);
            var trainer = new FoldTrainer(dataset, SyntheticClips.ClassCount, recipe ?? Recipe, seed: 3, device(DeviceType.CPU), halfPrecisionWeights: true, checkpointSteps: checkpointSteps, logger: logger);
            int[] training = [.. Enumerable.Range(0, Clips * 3 / 4)];
            int[] validation = [.. Enumerable.Range(Clips * 3 / 4, Clips / 4)];
            var task = new FoldTask("convnext_atto", 0, training, validation, WeightsFile(folder), new CheckpointFolder(CheckpointsOf(folder))) { OnStep = onStep };
            return trainer.Train(task, cancellationToken)!;
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    public static string CheckpointsOf(string folder) => Path.Combine(folder, "checkpoints");
}
