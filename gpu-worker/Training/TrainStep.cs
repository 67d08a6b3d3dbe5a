using System.Diagnostics;
using System.Security.Cryptography;
using CloudPipe.Datasets;
using CloudPipe.Familiarity;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.Training.Checkpoints;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Messages;
using CloudPipe.Methods;
using CloudPipe.Queues;
using CloudPipe.Runs;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Trains one fold of one network, a slice at a time: after about <see cref="TrainingOptions.SliceTime"/> the rest follows as
/// another message, which goes on from the checkpoint. A trained fold leaves its weights in the releases container and an
/// outcome with its predictions.
/// </summary>
/// <param name="store">Holds data sets, checkpoints and weights.</param>
/// <param name="queue">Takes the message of the next slice.</param>
/// <param name="datasets">Finds data sets.</param>
/// <param name="runs">Reads plans, writes outcomes.</param>
/// <param name="weights">Keeps initial weights as files.</param>
/// <param name="scoring">On which device, with how many threads.</param>
/// <param name="options">How long a slice is, and where files are kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of epochs.</param>
public sealed partial class TrainStep(
    IBlobStore store,
    IMessageQueue queue,
    DatasetStore datasets,
    RunWriter runs,
    WeightsCache weights,
    ScoringOptions scoring,
    TrainingOptions options,
    TimeProvider time,
    ILogger<TrainStep> logger)
{
    /// <summary>Handles one message; a repeat finds the outcome, or goes on from the checkpoint.</summary>
    /// <param name="message">Names the run, the network, the fold and the slice.</param>
    /// <param name="cancellationToken">Stops between two steps; what came after the last checkpoint is done again.</param>
    /// <exception cref="MessageFormatException">There is no such run or fold.</exception>
    /// <exception cref="TrainingException">The fold cannot be trained, whatever is tried.</exception>
    public async Task RunAsync(TrainMessage message, CancellationToken cancellationToken = default)
    {
        RunPlan plan = await runs.ReadPlanAsync(message.RunId, cancellationToken).ConfigureAwait(false);
        RunModel model = plan.FindModel(message.Architecture) is { } known && message.Fold >= 0 && message.Fold < plan.Request.Folds
            ? known
            : throw new MessageFormatException($"The training run '{message.RunId}' has no fold {message.Fold} of '{message.Architecture}'. Drop the message.");
        if (await runs.FindAsync(plan.RunId, model.Architecture, message.Fold, cancellationToken).ConfigureAwait(false) is { Failure: null })
        {
            await runs.AnnounceFoldAsync(plan.RunId, model.Architecture, message.Fold, cancellationToken).ConfigureAwait(false);
            return;
        }

        FoldTraining? training;
        try
        {
            training = await TrainAsync(plan, model, message, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is WeightsException or MethodException or InvalidDataException)
        {
            throw new TrainingException(exception.Message, exception);
        }

        if (training is null)
        {
            TrainMessage next = message with { Slice = message.Slice + 1 };
            await queue.SendAsync(next.Id, next, cancellationToken: cancellationToken).ConfigureAwait(false);
            return;
        }

        await runs.EndFoldAsync(plan.RunId, new FoldOutcome(model.Architecture, message.Fold, time.GetUtcNow(), Failure: null, training), cancellationToken).ConfigureAwait(false);
        await foreach (BlobProperties checkpoint in store.ListAllAsync(BlobContainers.Runs, CheckpointsOf(plan, model, message.Fold).Name, cancellationToken).ConfigureAwait(false))
            await store.DeleteAsync(checkpoint.Path, cancellationToken).ConfigureAwait(false);
    }

    private static BlobPath CheckpointsOf(RunPlan plan, RunModel model, int fold) => RunPlan.FoldPath(plan.RunId, model.Architecture, fold, "checkpoints/");

    // Null when the slice is over before the fold is.
    private async Task<FoldTraining?> TrainAsync(RunPlan plan, RunModel model, TrainMessage message, CancellationToken cancellationToken)
    {
        if (!ModelCatalog.Contains(model.Architecture))
            throw new TrainingException(ModelCatalog.Unknown(model.Architecture).Message);

        string? initialWeights = model.InitialWeights is null ? null
            : await weights.FindAsync(new BlobPath(BlobContainers.Training, model.InitialWeights), cancellationToken).ConfigureAwait(false)
                ?? throw new TrainingException($"The initial weights '{model.InitialWeights}' are no longer in the container {BlobContainers.Training}. Upload them again, then the request.");
        Dataset dataset = await datasets.ReadPlannedAsync(plan.Request.Dataset, plan.DatasetHash, cancellationToken).ConfigureAwait(false);
        using TileDataset tiles = await DecodeAsync(dataset, model, cancellationToken).ConfigureAwait(false);
        using TileDataset? evaluation = plan.Request.Evaluation is null ? null
            : await DecodeAsync(await datasets.ReadPlannedAsync(plan.Request.Evaluation, plan.EvaluationHash!, cancellationToken).ConfigureAwait(false), model, cancellationToken).ConfigureAwait(false);

        string folder = Path.Combine(options.ResolveCacheFolder(), "runs");
        Directory.CreateDirectory(folder);
        string weightsFile = Path.Combine(folder, $"{plan.RunId}-{model.Architecture}-fold{message.Fold}.safetensors");
        TrainingRecipe recipe = plan.RecipeOf(model);
        var progress = new FoldProgressLog(store, FoldProgress.PathOf(plan.RunId, model.Architecture, message.Fold), time);
        var watch = Stopwatch.StartNew();
        var task = new FoldTask(
            model.Architecture,
            message.Fold,
            plan.LearntFrom(message.Fold),
            plan.HeldOut(message.Fold),
            weightsFile,
            new CheckpointBlobs(store, CheckpointsOf(plan, model, message.Fold), folder, cancellationToken))
        {
            OnStep = step => progress.Show(
                new FoldProgress(time.GetUtcNow(), step.Epoch, recipe.Epochs, step.Loss, null) { Batch = step.Batch, Batches = step.Batches, SamplesPerSecond = step.SamplesPerSecond },
                cancellationToken),
            GoesOnAfter = position =>
            {
                EpochResult epoch = position.History[^1];
                LogEpoch(plan.RunId, model.Architecture, message.Fold, epoch.Epoch, recipe.Epochs, epoch.Loss, epoch.MeanAveragePrecision);
                progress.Add(new FoldProgress(time.GetUtcNow(), epoch.Epoch, recipe.Epochs, epoch.Loss, epoch.MeanAveragePrecision), cancellationToken);
                return watch.Elapsed < options.SliceTime;
            },
        };
        Device device = scoring.ResolveDevice();
        set_num_threads(scoring.ResolveThreads());
        int classCount = plan.Folds.Count == tiles.Count
            ? dataset.Taxonomy.Count
            : throw new TrainingException($"The data set '{plan.Request.Dataset}' has {tiles.Count} samples; the run was planned for {plan.Folds.Count}. Upload the training request again.");
        var trainer = new FoldTrainer(
            tiles,
            classCount,
            recipe,
            plan.Request.Seed,
            device,
            plan.Request.HalfPrecisionWeights,
            initialWeights,
            options.CheckpointSteps > 0 ? options.CheckpointSteps : null,
            plan.Request.TestTimeAugmentation,
            logger: logger);
        if (trainer.Train(task, cancellationToken) is not { } result)
            return null;

        var method = Method.Of(recipe, tiles.Header);
        using nn.Module<Tensor, Tensor> network = method.CreateNetwork(ModelCatalog.Create, model.Architecture, new ModelOptions(classCount, DrawWeights: false));
        WeightsLoader.Load(network, weightsFile); // the very file that the release gets
        network.to(device);
        double[][]? evaluated = evaluation is null ? null
            : new TileScorer(evaluation, Method.Of(recipe, evaluation.Header), recipe.BatchSize, device)
                .Score(network, [.. Enumerable.Range(0, evaluation.Count)], cancellationToken, plan.Request.TestTimeAugmentation);

        // Feature statistics are of super-images.
        FeatureStatistics? statistics = recipe.Method != MethodKind.SuperImage ? null
            : new FoldFamiliarity(tiles, method, recipe.BatchSize, device, plan.Request.Seed).Measure(network, task, cancellationToken);

        // After the last pass: whatever thread goes on from here may run on another number of threads.
        (string name, string sha256) = await PublishAsync(plan, task, cancellationToken).ConfigureAwait(false);
        File.Delete(weightsFile);
        return new FoldTraining(name, sha256, tiles.Header.TileSize, result.KeptEpoch, result.Epochs, result.Probabilities, evaluated) { FeatureStatistics = statistics };
    }

    private Task<TileDataset> DecodeAsync(Dataset dataset, RunModel model, CancellationToken cancellationToken)
    {
        var builder = new TileDatasetBuilder(model.TileSize ?? dataset.Cut.TileSize, Environment.ProcessorCount);
        return builder.BuildAsync(store, dataset, options.ResolveCacheFolder(), cancellationToken);
    }

    // The name carries the content: what a release once named never changes.
    private async Task<(string Name, string Sha256)> PublishAsync(RunPlan plan, FoldTask task, CancellationToken cancellationToken)
    {
        await using FileStream file = File.OpenRead(task.WeightsPath);
        string sha256 = Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false));
        string name = $"{plan.Release}/{task.Architecture}-fold{task.FoldIndex}-{sha256[..8]}.safetensors";
        file.Position = 0;
        await store.WriteAsync(new BlobPath(BlobContainers.Releases, name), file, WriteCondition.None, cancellationToken).ConfigureAwait(false);
        return (name, sha256);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Training run {RunId}: {Architecture}, fold {Fold}, epoch {Epoch} of {Epochs}: loss {Loss:0.000}, mAP {MeanAveragePrecision:0.000}")]
    private partial void LogEpoch(string runId, string architecture, int fold, int epoch, int epochs, double loss, double? meanAveragePrecision);
}
