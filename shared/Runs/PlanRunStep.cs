using CloudPipe.Datasets;
using CloudPipe.Ensembling;
using CloudPipe.Folds;
using CloudPipe.Messages;
using CloudPipe.Methods;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Runs;

/// <summary>
/// The first step of a training run: a request becomes a plan, with each sample's fold, and one <see cref="TrainMessage"/> per
/// network and fold. Running it again for the same request changes nothing.
/// </summary>
/// <param name="store">Where the request is and the plan goes.</param>
/// <param name="queue">Where the train messages go.</param>
/// <param name="datasets">Finds data sets.</param>
/// <param name="runs">Tells whether the run has ended.</param>
/// <param name="logger">Says what became of the request.</param>
public sealed partial class PlanRunStep(IBlobStore store, IMessageQueue queue, DatasetStore datasets, RunWriter runs, ILogger<PlanRunStep> logger)
{
    /// <summary>Plans one run. A blob that is no request by its name, or that is gone, is left alone.</summary>
    /// <param name="blobName">Its name in the container <c>training</c>.</param>
    /// <param name="cancellationToken">Stops the work; running it again continues it.</param>
    /// <exception cref="TrainingException">The request cannot be carried out, whatever is tried.</exception>
    public async Task RunAsync(string blobName, CancellationToken cancellationToken = default)
    {
        if (!RunRequestReader.IsRequest(blobName)
            || await store.FindAsync(new BlobPath(BlobContainers.Training, blobName), cancellationToken).ConfigureAwait(false) is not { } upload)
        {
            return;
        }

        string runId = RunId.Create(blobName, upload.ETag);
        if (await runs.FindAsync(runId, cancellationToken).ConfigureAwait(false) is { Status: RunStatus.Completed } stored)
        {
            // The process that wrote it may have died before it emitted the event.
            await runs.EmitAsync(stored, cancellationToken).ConfigureAwait(false);
            return;
        }

        RunPlan plan = await store.ReadJsonAsync<RunPlan>(RunPlan.PathOf(runId), cancellationToken).ConfigureAwait(false)
            ?? await CreatePlanAsync(upload, runId, cancellationToken).ConfigureAwait(false);
        foreach ((RunModel model, int fold) in plan.Tasks)
        {
            var message = new TrainMessage(runId, model.Architecture, fold);
            await queue.SendAsync(message.Id, message, cancellationToken: cancellationToken).ConfigureAwait(false);
        }

        LogPlanned(runId, blobName, plan.Request.Models.Count, plan.Request.Folds, plan.Folds.Count, plan.Release);
    }

    private async Task<RunPlan> CreatePlanAsync(BlobProperties upload, string runId, CancellationToken cancellationToken)
    {
        string blobName = upload.Path.Name;
        RunRequest request = await ReadRequestAsync(upload, cancellationToken).ConfigureAwait(false);
        string release = RunRequestReader.ReleaseOf(request, blobName);
        if (await store.FindAsync(Release.PathOf(release), cancellationToken).ConfigureAwait(false) is not null)
            throw new TrainingException($"The training request '{blobName}' makes the release '{release}', which exists already, and releases do not change. Set release to another name and upload it again.");

        Dataset dataset = await ReadDatasetAsync(blobName, request.Dataset, cancellationToken).ConfigureAwait(false);
        Dataset? evaluation = request.Evaluation is null ? null : await ReadDatasetAsync(blobName, request.Evaluation, cancellationToken).ConfigureAwait(false);
        if (evaluation is not null && (evaluation.Cut.Grid != dataset.Cut.Grid || !evaluation.Taxonomy.Classes.SequenceEqual(dataset.Taxonomy.Classes)))
            throw new TrainingException($"The training request '{blobName}' measures on '{evaluation.Name}', whose grid or classes are not those of '{dataset.Name}'. Import it again with the same.");

        string[] faults = [.. FrameFaults(request, dataset, evaluation).Distinct()];
        if (faults.Length > 0)
            throw new TrainingException($"The training request '{blobName}' and its data sets do not go together: {string.Join(" ", faults)}");

        IReadOnlyList<int>[] labels = [.. dataset.Samples.Select(sample => sample.Labels)];
        if (labels.Length < 2 * request.Folds)
            throw new TrainingException($"The data set '{dataset.Name}' has {labels.Length} samples; {request.Folds} folds need at least {2 * request.Folds}. Import more, or ask for fewer folds.");

        foreach (string weights in request.Models.Select(model => model.InitialWeights).OfType<string>().Distinct(StringComparer.Ordinal))
            await RequireWeightsAsync(blobName, weights, cancellationToken).ConfigureAwait(false);

        var plan = new RunPlan(
            runId,
            blobName,
            upload.ETag,
            upload.LastModified,
            release,
            request,
            dataset.ComputeHash(),
            evaluation?.ComputeHash(),
            IterativeStratification.Assign(labels, request.Folds, request.StratificationOrder, request.Seed));
        if (await store.WriteJsonAsync(RunPlan.PathOf(runId), plan, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false) is not null)
            return plan;

        // Another process planned it meanwhile, and its plan is the one that every step reads.
        return await runs.ReadPlanAsync(runId, cancellationToken).ConfigureAwait(false);
    }

    private async Task<RunRequest> ReadRequestAsync(BlobProperties upload, CancellationToken cancellationToken)
    {
        if (upload.Length > RunRequestReader.LargestFile)
            throw new TrainingException($"The training request '{upload.Path.Name}' has {upload.Length} bytes; at most {RunRequestReader.LargestFile} are accepted.");

        byte[] json = await store.ReadBytesAsync(upload.Path, cancellationToken).ConfigureAwait(false)
            ?? throw new TrainingException($"The training request '{upload.Path.Name}' was there and is gone. Upload it again.");
        return RunRequestReader.Read(json, upload.Path.Name);
    }

    private async Task<Dataset> ReadDatasetAsync(string blobName, string name, CancellationToken cancellationToken)
    {
        try
        {
            return await datasets.ReadAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw new TrainingException($"The training request '{blobName}' cannot be carried out: {exception.Message}", exception);
        }
    }

    // What needs other frames than those of the super-image.
    private static IEnumerable<string> FrameFaults(RunRequest request, Dataset dataset, Dataset? evaluation)
    {
        int tiles = dataset.Cut.Grid * dataset.Cut.Grid;
        TrainingRecipe[] recipes = [.. request.Models.Select(model => model.Recipe ?? request.Recipe)];
        foreach (string fault in recipes.SelectMany(recipe => recipe.FaultsFor(dataset.Cut.Grid, dataset.Cut.Frames)))
            yield return fault;
        foreach (string fault in request.TestTimeAugmentation?.Faults(dataset.Cut.Frames, tiles) ?? [])
            yield return fault;
        if (request.TestTimeAugmentation is { RearrangesSuperImages: true } && recipes.Any(recipe => recipe.Method != MethodKind.SuperImage))
            yield return "testTimeAugmentation.shuffle and .resample are of super-images, and not every network is trained on them. Leave them out; flip is of every method.";
        if (dataset.Cut.Frames == tiles && recipes.Any(recipe => recipe.FrameChoice == FrameChoice.Random))
            yield return $"frameChoice random needs several frames a tile, and '{dataset.Name}' has one. Import it again with more frames, sampled densely, or leave frameChoice out.";

        bool seesOthers = request.TestTimeAugmentation is { Resample: true } || recipes.Any(recipe => recipe.Method != MethodKind.SuperImage);
        if (seesOthers && evaluation is not null && (evaluation.Cut.Frames, evaluation.Cut.Sampling) != (dataset.Cut.Frames, dataset.Cut.Sampling))
            yield return $"The frames of '{evaluation.Name}' are not sampled as those of '{dataset.Name}', and not only super-images are seen of them. Import it again with the same frames and sampling.";
    }

    private async Task RequireWeightsAsync(string blobName, string weights, CancellationToken cancellationToken)
    {
        try
        {
            if (await store.FindAsync(new BlobPath(BlobContainers.Training, weights), cancellationToken).ConfigureAwait(false) is not null)
                return;
        }
        catch (ArgumentException)
        {
            // No blob can have such a name.
        }

        throw new TrainingException($"The training request '{blobName}' starts from '{weights}', which is not in the container {BlobContainers.Training}. Upload the weights first, then the request again.");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Training run {RunId}: {BlobName} trains {Models} networks on {Folds} folds of {Samples} samples for the release {Release}")]
    private partial void LogPlanned(string runId, string blobName, int models, int folds, int samples, string release);
}
