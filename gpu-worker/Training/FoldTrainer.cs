using System.Diagnostics;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Metrics;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Trains one fold of one architecture. On the CPU the same dataset, recipe, seed and number of threads give the same bytes.
/// </summary>
/// <param name="dataset">The clips.</param>
/// <param name="classCount">How many classes the labels have.</param>
/// <param name="recipe">How to train.</param>
/// <param name="seed">Decides the first weights, the order of the clips and how they are varied.</param>
/// <param name="device">Where to train.</param>
/// <param name="halfPrecisionWeights">Whether the weights are stored as float16; they load as float32.</param>
/// <param name="initialWeightsFile">Weights that every fold starts from, a classifier for other classes apart; <see langword="null"/> draws all.</param>
public sealed class FoldTrainer(
    TileDataset dataset,
    int classCount,
    TrainingRecipe recipe,
    int seed,
    Device device,
    bool halfPrecisionWeights,
    string? initialWeightsFile = null)
{
    private readonly SuperImageBuilder superImages = new(dataset.Header.Grid, dataset.Header.TileSize, recipe.Mean, recipe.StandardDeviation);
    private readonly AsymmetricLoss loss = new(recipe.GammaNegative, recipe.GammaPositive, recipe.ProbabilityMargin);
    private readonly TileBatcher batcher = new(dataset, classCount);
    private readonly TileScorer scorer = new(dataset, new(dataset.Header.Grid, dataset.Header.TileSize, recipe.Mean, recipe.StandardDeviation), recipe.BatchSize, device);

    /// <summary>Trains the fold, writes its weights, and scores the held-out clips with them.</summary>
    /// <param name="task">The fold.</param>
    /// <param name="progress">Hears of every step.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The history and the held-out clips' probabilities.</returns>
    /// <exception cref="TrainingException">The loss is no longer a number.</exception>
    /// <exception cref="WeightsException">The initial weights do not fit the architecture.</exception>
    public FoldResult Train(FoldTask task, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        var random = new CounterRandom((ulong)seed).At(task.FoldIndex);
        manual_seed((long)(random.Bits >> 1));
        using nn.Module<Tensor, Tensor> network = CreateNetwork(task.Architecture);
        if (initialWeightsFile is not null)
            WeightsLoader.Load(network, initialWeightsFile, new WeightsOptions(task.Architecture, FineTuning: true));

        using var ema = new ModelEma(network, CreateNetwork(task.Architecture), recipe.EmaDecay, warmUp: true);
        using var optimizer = new OneCycleAdamW(network, recipe, StepsPerEpoch(task) * recipe.Epochs);

        var history = new List<EpochResult>();
        double best = double.NegativeInfinity;
        int kept = 0;
        for (int epoch = 1; epoch <= recipe.Epochs; epoch++)
        {
            double meanLoss = TrainEpoch(network, ema, optimizer, task, random, epoch, progress, cancellationToken);
            bool validates = epoch == recipe.Epochs || epoch % recipe.ValidationInterval == 0;
            double? meanAveragePrecision = validates ? Validate(ema.Network, task, cancellationToken) : null;
            history.Add(new EpochResult(epoch, meanLoss, meanAveragePrecision));
            bool keeps = recipe.EpochSelection == EpochSelection.Last ? epoch == recipe.Epochs : meanAveragePrecision > best;
            if (keeps)
            {
                best = meanAveragePrecision ?? best;
                kept = epoch;
                SafetensorsWriter.Write(task.WeightsPath, ema.Network.state_dict(), floatType: halfPrecisionWeights ? ScalarType.Float16 : null);
            }
        }

        WeightsLoader.Load(ema.Network, task.WeightsPath);
        return new FoldResult(task, history, kept, scorer.Score(ema.Network, task.ValidationClips, cancellationToken));
    }

    private nn.Module<Tensor, Tensor> CreateNetwork(string architecture) =>
        ModelCatalog.Create(architecture, new ModelOptions(classCount, recipe.DropPathRate, recipe.LayerScaleInitialValue)).to(device);

    private int BatchesPerEpoch(FoldTask task) => Math.Max(1, task.TrainingClips.Count / recipe.BatchSize);

    private int StepsPerEpoch(FoldTask task) => (BatchesPerEpoch(task) + recipe.GradientAccumulation - 1) / recipe.GradientAccumulation;

    private double TrainEpoch(
        nn.Module<Tensor, Tensor> network,
        ModelEma ema,
        OneCycleAdamW optimizer,
        FoldTask task,
        CounterRandom random,
        int epoch,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        CounterRandom epochRandom = random.At(epoch);
        manual_seed((long)(epochRandom.Bits >> 1)); // for stochastic depth
        int[] clips = [.. epochRandom.At(-1).Permutation(task.TrainingClips.Count).Select(i => task.TrainingClips[i])];

        // The last clips of the order sit out an epoch: every batch is full.
        int batches = BatchesPerEpoch(task);
        double sum = 0;
        int samples = 0;
        network.train();
        var watch = Stopwatch.StartNew();
        for (int batch = 0; batch < batches; batch++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int[] batchClips = [.. clips.Skip(batch * recipe.BatchSize).Take(recipe.BatchSize)];
            int firstOfStep = batch - (batch % recipe.GradientAccumulation);
            int batchesOfStep = Math.Min(recipe.GradientAccumulation, batches - firstOfStep);
            sum += Backward(network, batchClips, epochRandom, batchesOfStep);
            samples += batchClips.Length;
            if (batch == firstOfStep + batchesOfStep - 1)
            {
                optimizer.Step();
                ema.Update(network);
            }

            progress?.Report(new TrainingProgress(
                "training",
                ((((long)task.FoldIndex * recipe.Epochs) + epoch - 1) * batches) + batch + 1,
                (long)task.FoldCount * recipe.Epochs * batches,
                FormattableString.Invariant($"{task.Architecture} fold {task.FoldIndex + 1}/{task.FoldCount} epoch {epoch}/{recipe.Epochs} loss {sum / samples:F3} {samples / watch.Elapsed.TotalSeconds:F1} samples/s")));
        }

        return double.IsFinite(sum)
            ? sum / samples
            : throw new TrainingException($"The loss of {task.Architecture}, fold {task.FoldIndex}, is no number after epoch {epoch}. Lower the recipe's maxLearningRate, or set gradientClipNorm.");
    }

    private double Backward(nn.Module<Tensor, Tensor> network, int[] clips, CounterRandom epochRandom, int batchesOfStep)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor tiles = batcher.Tiles(clips, epochRandom, recipe.HorizontalFlip, recipe.TileShuffle);
        Tensor logits = network.call(superImages.Build(tiles, device));
        Tensor total = loss.Compute(logits, batcher.Targets(clips).to(device));

        // The mean over samples: the size of a batch and the number of batches in a step change nothing but noise.
        (total / ((double)clips.Length * batchesOfStep)).backward();
        return total.cpu().item<float>();
    }

    private double Validate(nn.Module<Tensor, Tensor> network, FoldTask task, CancellationToken cancellationToken)
    {
        double[][] probabilities = scorer.Score(network, task.ValidationClips, cancellationToken);
        IReadOnlyList<int>[] labels = [.. task.ValidationClips.Select(clip => dataset.Header.Videos[clip].Labels)];
        return AveragePrecision.Report(probabilities, labels, classCount).Macro;
    }
}
