using System.Diagnostics;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training.Checkpoints;
using CloudPipe.GpuWorker.Training.Losses;
using CloudPipe.GpuWorker.Training.Optimization;
using CloudPipe.GpuWorker.Training.Sampling;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Metrics;
using CloudPipe.Runs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Trains one fold of one architecture. On the CPU the same dataset, recipe, seed and number of threads give the same bytes,
/// whether the process ran through or was ended at any moment and went on from a checkpoint.
/// </summary>
/// <param name="dataset">The clips.</param>
/// <param name="classCount">How many classes the labels have.</param>
/// <param name="recipe">How to train.</param>
/// <param name="seed">Decides the first weights, the order of the clips and how they are varied.</param>
/// <param name="device">Where to train.</param>
/// <param name="halfPrecisionWeights">Whether the weights are stored as float16; they load as float32.</param>
/// <param name="initialWeightsFile">Weights that every fold starts from, a classifier for other classes apart; <see langword="null"/> draws all.</param>
/// <param name="checkpointSteps">Steps of the optimizer from one checkpoint within an epoch to the next; <see langword="null"/> saves at the end of each epoch alone.</param>
/// <param name="testTimeAugmentation">The views whose average the held-out clips' probabilities are; <see langword="null"/> for the plain one alone. Epochs are measured by that one.</param>
/// <param name="networks">Builds networks; <see langword="null"/> for those of <see cref="ModelCatalog"/>.</param>
/// <param name="logger">Hears where a fold goes on, and of checkpoints that cannot be used.</param>
public sealed partial class FoldTrainer(
    TileDataset dataset,
    int classCount,
    TrainingRecipe recipe,
    int seed,
    Device device,
    bool halfPrecisionWeights,
    string? initialWeightsFile = null,
    int? checkpointSteps = null,
    TestTimeAugmentation? testTimeAugmentation = null,
    NetworkFactory? networks = null,
    ILogger? logger = null)
{
    // Places of an epoch's random numbers; what is 0 and more belongs to the clip of that number.
    private const long OrderPlace = -1;
    private const long DrawsPlace = -2;
    private const long NetworkPlace = -3;
    private const long VariationPlace = -4;

    private readonly Method method = Method.Of(recipe, dataset.Header);
    private readonly MultiLabelLoss loss = MultiLabelLoss.Of(recipe);
    private readonly TileBatcher batcher = new(dataset, classCount);
    private readonly ILogger logger = logger ?? NullLogger.Instance;
    private readonly TileScorer scorer = new(dataset, Method.Of(recipe, dataset.Header), recipe.BatchSize, device);

    /// <summary>Trains the fold, writes its weights, and scores the held-out clips with them.</summary>
    /// <param name="task">The fold.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    /// <returns>The history and the held-out clips' probabilities; <see langword="null"/> when the task was told to stop after an epoch, to go on from its checkpoint.</returns>
    /// <exception cref="TrainingException">The loss is no longer a number, or the fold's checkpoints cannot be used.</exception>
    /// <exception cref="MethodException">The architecture and the recipe's method do not go together.</exception>
    /// <exception cref="WeightsException">The initial weights do not fit the architecture.</exception>
    public FoldResult? Train(FoldTask task, CancellationToken cancellationToken)
    {
        var random = new CounterRandom((ulong)seed).At(task.FoldIndex);
        FoldCheckpoints? checkpoints = task.Checkpoints is null ? null
            : new FoldCheckpoints(task.Checkpoints, FoldIdentity.Of(task, dataset.Header, recipe, seed, initialWeightsFile), task.Description);
        using FoldState state = CreateState(task, random);
        FoldPosition position = checkpoints is null ? FoldPosition.Start : Resume(checkpoints, state, task);
        if (position == FoldPosition.Start && state.Memory is { } memory)
            Fill(memory, (FeatureMemoryNetwork)state.Weights.Network, state.Weights.InputType, task, cancellationToken);

        while (!position.IsFinished)
        {
            position = TrainEpoch(state, task, position, random.At(position.Epoch), checkpoints, cancellationToken);
            position = FinishEpoch(state, task, position, cancellationToken);
            checkpoints?.Save(state, position, KeptWeights(task, position));
            if (task.GoesOnAfter?.Invoke(position) == false && !position.IsFinished)
                return null;
        }

        checkpoints?.Finish();
        WeightsLoader.Load(state.Average.Network, task.WeightsPath);
        return new FoldResult(task, position.History, position.KeptEpoch, scorer.Score(state.Average.Network, task.ValidationClips, cancellationToken, testTimeAugmentation));
    }

    private static string? KeptWeights(FoldTask task, FoldPosition position) => position.KeptEpoch > 0 ? task.WeightsPath : null;

    private FoldPosition Resume(FoldCheckpoints checkpoints, FoldState state, FoldTask task)
    {
        FoldPosition position = checkpoints.Resume(state, task.WeightsPath, (name, reason) => LogUnusedCheckpoint(task.Description, name, reason));
        if (position != FoldPosition.Start)
            LogResumed(task.Description, position.Epoch, position.Batch + 1);

        return position;
    }

    private FoldState CreateState(FoldTask task, CounterRandom random)
    {
        manual_seed((long)(random.Bits >> 1));
        nn.Module<Tensor, Tensor> network = CreateNetwork(task.Architecture);
        if (initialWeightsFile is not null)
            WeightsLoader.Load((network as FeatureMemoryNetwork)?.Encoder ?? network, initialWeightsFile, new WeightsOptions(task.Architecture, FineTuning: true));

        var weights = new MasterWeights(network, recipe.Precision == TrainingPrecision.BFloat16 ? CreateNetwork(task.Architecture, draws: false) : null);
        if (recipe.GradientCheckpointing)
            GradientCheckpointing.Enable(weights.Network);

        return new FoldState(
            weights,
            new ModelEma(network, CreateNetwork(task.Architecture, draws: false), recipe.EmaDecay, warmUp: true),
            new ScheduledOptimizer(
                ParameterGroups.Of(network, recipe.WeightDecay, recipe.LayerDecay),
                recipe,
                GradientClipper.Resolve(recipe.GradientClipping, task.Architecture),
                LearningRateSchedule.Of(recipe, StepsPerEpoch(task))),
            method is FeatureMemoryMethod remembering ? new FeatureMemory(remembering, (FeatureMemoryNetwork)network, task.TrainingClips) : null);
    }

    private nn.Module<Tensor, Tensor> CreateNetwork(string architecture, bool draws = true) =>
        method.CreateNetwork(networks ?? ModelCatalog.Create, architecture, new ModelOptions(classCount, recipe.DropPathRate, recipe.LayerScaleInitialValue, DrawWeights: draws)).to(device);

    private int BatchesPerEpoch(FoldTask task) => Math.Max(1, task.TrainingClips.Count / recipe.BatchSize);

    private int StepsPerEpoch(FoldTask task) => (BatchesPerEpoch(task) + recipe.GradientAccumulation - 1) / recipe.GradientAccumulation;

    // What the first steps read of the clips that no step has encoded yet.
    private void Fill(FeatureMemory memory, FeatureMemoryNetwork network, ScalarType inputType, FoldTask task, CancellationToken cancellationToken)
    {
        network.eval();
        foreach (int[] batch in task.TrainingClips.Chunk(recipe.BatchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            memory.Fill(network, batch, method.Build(batcher.Tiles(batch, method.ScoredFrames(batch.Length)), device).to_type(inputType));
        }
    }

    private FoldPosition TrainEpoch(
        FoldState state,
        FoldTask task,
        FoldPosition position,
        CounterRandom random,
        FoldCheckpoints? checkpoints,
        CancellationToken cancellationToken)
    {
        int[] clips = ClipsOf(task, random);
        int batches = BatchesPerEpoch(task);
        state.Weights.Network.train();
        var watch = Stopwatch.StartNew();
        int samplesBefore = position.Samples;
        while (position.Batch < batches)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int batch = position.Batch;
            int[] batchClips = [.. clips.Skip(batch * recipe.BatchSize).Take(recipe.BatchSize)];
            int firstOfStep = batch - (batch % recipe.GradientAccumulation);
            int batchesOfStep = Math.Min(recipe.GradientAccumulation, batches - firstOfStep);
            double batchLoss = Backward(state, batchClips, random, batch, batchesOfStep);
            if (!double.IsFinite(batchLoss))
                throw new TrainingException($"The loss of {task.Description} is no number in epoch {position.Epoch}, step {state.Optimizer.Steps + 1}. Lower the recipe's maxLearningRate, lengthen its warmUpFraction, or clip gradients harder (gradientClipping, gradientClipNorm, adaptiveClipFactor).");

            position = position with { Batch = batch + 1, LossSum = position.LossSum + batchLoss, Samples = position.Samples + batchClips.Length };
            if (batch == firstOfStep + batchesOfStep - 1)
            {
                state.Optimizer.Step();
                state.Weights.Synchronize();
                state.Average.Update(state.Weights.Masters);
                if (position.Batch < batches && checkpointSteps is int interval && state.Optimizer.Steps % interval == 0)
                    checkpoints?.Save(state, position, KeptWeights(task, position));
            }

            task.OnStep?.Invoke(new FoldStep(
                position.Epoch, position.Batch, batches, position.LossSum / position.Samples, (position.Samples - samplesBefore) / watch.Elapsed.TotalSeconds));
        }

        return position;
    }

    // The last clips of the order sit out an epoch: every batch is full.
    private int[] ClipsOf(FoldTask task, CounterRandom random)
    {
        int[] drawn = recipe.Sampling == SamplingKind.Uniform
            ? [.. Enumerable.Range(0, task.TrainingClips.Count)]
            : new ClassBalance([.. task.TrainingClips.Select(clip => dataset.Header.Videos[clip].Labels)], recipe.ClassBalanceBeta).Sample(random.At(DrawsPlace));
        return [.. random.At(OrderPlace).Permutation(drawn.Length).Select(i => task.TrainingClips[drawn[i]])];
    }

    private double Backward(FoldState state, int[] clips, CounterRandom random, int batch, int batchesOfStep)
    {
        using DisposeScope scope = NewDisposeScope();

        // For stochastic depth and dropout: anew at each batch, so that a fold can go on at any.
        manual_seed((long)(random.At(NetworkPlace).At(batch).Bits >> 1));

        // A clip that is drawn again in an epoch is varied in another way.
        CounterRandom variation = recipe.Sampling == SamplingKind.Uniform ? random : random.At(VariationPlace).At(batch);
        MasterWeights weights = state.Weights;
        IReadOnlyList<int[]>? frames = method.DrawFrames(clips, variation);
        Tensor tiles = batcher.Tiles(clips, variation, recipe, method.ShufflesTiles, frames);
        Tensor images = method.Build(tiles, device).to_type(weights.InputType);
        Tensor logits = state.Memory?.Logits((FeatureMemoryNetwork)weights.Network, clips, frames!, images) ?? weights.Network.call(images);
        long rows = logits.shape[0];
        Tensor total = loss.Compute(logits.to_type(ScalarType.Float32), method.Targets(batcher.Targets(clips), rows).to(device));

        // The mean over samples: the size of a batch and the number of batches in a step change nothing but noise.
        (total / ((double)rows * batchesOfStep)).backward();
        weights.CollectGradients();
        return total.cpu().item<float>() * ((double)clips.Length / rows);
    }

    private FoldPosition FinishEpoch(FoldState state, FoldTask task, FoldPosition position, CancellationToken cancellationToken)
    {
        int epoch = position.Epoch;
        bool validates = epoch == recipe.Epochs || epoch % recipe.ValidationInterval == 0;
        double? precision = validates ? Validate(state.Average.Network, task, cancellationToken) : null;
        bool improves = precision is double value && value > (position.BestPrecision ?? double.NegativeInfinity);
        int stagnant = improves ? 0 : position.Stagnant + (validates ? 1 : 0);
        bool isLast = epoch == recipe.Epochs || (recipe.EarlyStopPatience > 0 && stagnant >= recipe.EarlyStopPatience);
        bool keeps = recipe.EpochSelection == EpochSelection.Last ? isLast : improves;
        if (keeps)
            SafetensorsWriter.Write(task.WeightsPath, state.Average.Network.state_dict(), floatType: halfPrecisionWeights ? ScalarType.Float16 : null);

        return new FoldPosition(
            Epoch: epoch + 1,
            Batch: 0,
            LossSum: 0,
            Samples: 0,
            History: [.. position.History, new EpochResult(epoch, position.LossSum / position.Samples, precision)],
            BestPrecision: improves ? precision : position.BestPrecision,
            Stagnant: stagnant,
            KeptEpoch: keeps ? epoch : position.KeptEpoch,
            IsFinished: isLast);
    }

    private double Validate(nn.Module<Tensor, Tensor> network, FoldTask task, CancellationToken cancellationToken)
    {
        double[][] probabilities = scorer.Score(network, task.ValidationClips, cancellationToken);
        IReadOnlyList<int>[] labels = [.. task.ValidationClips.Select(clip => dataset.Header.Videos[clip].Labels)];
        return AveragePrecision.Report(probabilities, labels, classCount).Macro;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Fold}: goes on at epoch {Epoch}, batch {Batch}")]
    private partial void LogResumed(string fold, int epoch, int batch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Fold}: the checkpoint {Checkpoint} is not used: {Reason}")]
    private partial void LogUnusedCheckpoint(string fold, string checkpoint, string reason);
}
