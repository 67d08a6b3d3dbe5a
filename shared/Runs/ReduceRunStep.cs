using System.Text.Json;
using CloudPipe.Datasets;
using CloudPipe.Ensembling;
using CloudPipe.Evaluation;
using CloudPipe.Familiarity;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Reports;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Runs;

/// <summary>
/// Looks whether every fold of a run has an outcome and, after the last one, judges the run, publishes its release and emits
/// the event. Messages may come in any order and again: every state they find leads to the same result.
/// </summary>
/// <param name="store">Where runs and releases are.</param>
/// <param name="datasets">Finds data sets.</param>
/// <param name="runs">Writes the result.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of results.</param>
public sealed partial class ReduceRunStep(IBlobStore store, DatasetStore datasets, RunWriter runs, TimeProvider time, ILogger<ReduceRunStep> logger)
{
    /// <summary>The report for a person, among a run's files.</summary>
    public const string ReportFile = "report.html";

    /// <summary>All of the report's numbers, among a run's files.</summary>
    public const string EvaluationFile = "evaluation.json";

    /// <summary>Handles one message.</summary>
    /// <param name="message">Names a fold that has an outcome.</param>
    /// <param name="cancellationToken">Stops it; a later delivery goes on.</param>
    /// <exception cref="MessageFormatException">There is no such run.</exception>
    /// <exception cref="TrainingException">The run cannot be reduced, whatever is tried.</exception>
    public async Task HandleAsync(ReduceRunMessage message, CancellationToken cancellationToken = default)
    {
        RunPlan plan = await runs.ReadPlanAsync(message.RunId, cancellationToken).ConfigureAwait(false);
        if (await runs.FindAsync(plan.RunId, cancellationToken).ConfigureAwait(false) is { Status: RunStatus.Completed } stored)
        {
            // The process that wrote it may have died before it emitted the event.
            await runs.EmitAsync(stored, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (await ReadOutcomesAsync(plan, cancellationToken).ConfigureAwait(false) is not { } outcomes)
            return;

        FoldOutcome[] failed = [.. outcomes.Where(outcome => outcome.Failure is not null)];
        if (failed.Length > 0)
        {
            string reasons = string.Join(" ", failed.Select(outcome => $"{outcome.Architecture}, fold {outcome.Fold}: {outcome.Failure}"));
            await runs.FailAsync(plan.RunId, $"{failed.Length} of {outcomes.Count} folds could not be trained, and there is no release. {reasons}", Summarize(outcomes, null), cancellationToken).ConfigureAwait(false);
            return;
        }

        Dataset dataset = await datasets.ReadPlannedAsync(plan.Request.Dataset, plan.DatasetHash, cancellationToken).ConfigureAwait(false);
        EvaluationReport evaluation = RunEvaluation.Evaluate(await GatherAsync(plan, dataset, outcomes, cancellationToken).ConfigureAwait(false));
        await WriteReportAsync(plan, evaluation, cancellationToken).ConfigureAwait(false);
        EnsembleScore ensemble = ChosenEnsemble(plan, evaluation);
        await PublishAsync(plan, dataset, outcomes, evaluation, ensemble, cancellationToken).ConfigureAwait(false);

        DateTimeOffset now = time.GetUtcNow();
        await runs.EndAsync(
            new RunResult(
                plan.RunId, plan.BlobName, plan.ETag, RunStatus.Completed, now, Reason: null, plan.Release, ensemble.Pooled.Macro, ensemble.EvaluationSet?.Macro,
                Summarize(outcomes, evaluation), (now - plan.RequestedAt).TotalSeconds),
            cancellationToken).ConfigureAwait(false);
        LogCompleted(plan.RunId, plan.Release, ensemble.Pooled.Macro);
    }

    // Null while a fold has none; there are few folds, and each says in its own blob when it is done.
    private async Task<IReadOnlyList<FoldOutcome>?> ReadOutcomesAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        foreach ((RunModel model, int fold) in plan.Tasks)
        {
            if (await store.FindAsync(FoldOutcome.PathOf(plan.RunId, model.Architecture, fold), cancellationToken).ConfigureAwait(false) is null)
                return null;
        }

        var outcomes = new List<FoldOutcome>();
        foreach ((RunModel model, int fold) in plan.Tasks)
        {
            outcomes.Add(await runs.FindAsync(plan.RunId, model.Architecture, fold, cancellationToken).ConfigureAwait(false)
                ?? throw new IOException($"The outcome {FoldOutcome.PathOf(plan.RunId, model.Architecture, fold)} was there and is gone."));
        }

        return outcomes;
    }

    private async Task<RunPredictions> GatherAsync(RunPlan plan, Dataset dataset, IReadOnlyList<FoldOutcome> outcomes, CancellationToken cancellationToken)
    {
        EvaluationSet? evaluation = null;
        if (plan.Request.Evaluation is { } name)
        {
            Dataset other = await datasets.ReadPlannedAsync(name, plan.EvaluationHash!, cancellationToken).ConfigureAwait(false);
            evaluation = new EvaluationSet(
                [.. other.Samples.Select(sample => sample.Name)],
                [.. other.Samples.Select(sample => sample.Labels)],
                [.. outcomes.Select(outcome => new EvaluationPredictions(outcome.Architecture, outcome.Fold, outcome.Training!.Evaluation!))]);
        }

        return new RunPredictions(
            dataset.Taxonomy,
            [.. dataset.Samples.Select(sample => sample.Name)],
            [.. dataset.Samples.Select(sample => sample.Labels)],
            [.. outcomes.Select(outcome => new HeldOutPredictions(outcome.Architecture, outcome.Fold, plan.HeldOut(outcome.Fold), outcome.Training!.HeldOut))],
            evaluation);
    }

    private async Task WriteReportAsync(RunPlan plan, EvaluationReport evaluation, CancellationToken cancellationToken)
    {
        await WriteAsync(EvaluationFile, JsonSerializer.SerializeToUtf8Bytes(evaluation, CloudPipeJson.Indented)).ConfigureAwait(false);
        await WriteAsync(ReportFile, EvaluationReportWriter.Write(plan.Release, evaluation)).ConfigureAwait(false);
        foreach ((string name, byte[] table) in EvaluationTables.Write(evaluation))
            await WriteAsync(name, table).ConfigureAwait(false);

        Task WriteAsync(string file, byte[] bytes) => store.WriteBytesAsync(RunResult.FileOf(plan.RunId, file), bytes, WriteCondition.None, cancellationToken);
    }

    private static EnsembleScore ChosenEnsemble(RunPlan plan, EvaluationReport evaluation) =>
        evaluation.Ensembles.FirstOrDefault(ensemble => ensemble.Weighting == plan.Request.Weighting) ?? evaluation.RecommendedEnsemble();

    private async Task PublishAsync(
        RunPlan plan, Dataset dataset, IReadOnlyList<FoldOutcome> outcomes, EvaluationReport evaluation, EnsembleScore ensemble, CancellationToken cancellationToken)
    {
        // A network of weight 0 would be computed for nothing.
        Member[] members =
        [
            .. from outcome in outcomes
               let weight = ensemble.Weights[plan.Request.Models.Index().First(entry => entry.Item.Architecture == outcome.Architecture).Index]
               where weight > 0
               select new Member(outcome.Architecture, outcome.Fold, outcome.Training!.Weights, outcome.Training.TileSize, weight)
               {
                   Method = plan.RecipeOf(plan.FindModel(outcome.Architecture)!).MemberMethod(),
               },
        ];

        // Of a dense cut super-images show the middle frames, for which a uniform one is enough.
        bool showsMiddle = dataset.Cut.Sampling == FrameSampling.Dense && members.All(member => member.Method is null) && plan.Request.TestTimeAugmentation is not { Resample: true };
        var release = new Release(
            plan.Release,
            dataset.Taxonomy,
            dataset.Cut.Grid,
            plan.Request.SegmentSeconds,
            plan.Request.Recipe.Mean,
            plan.Request.Recipe.StandardDeviation,
            members,
            plan.Request.Calibration ? evaluation.PostProcessing : new PostProcessing())
        {
            Frames = showsMiddle || dataset.Cut.Frames == dataset.Cut.Grid * dataset.Cut.Grid ? null : dataset.Cut.Frames,
            Sampling = showsMiddle ? FrameSampling.Uniform : dataset.Cut.Sampling,
            TestTimeAugmentation = plan.Request.TestTimeAugmentation,
            Familiarity = FamiliarityOf(outcomes, members),
        };
        IReadOnlyList<string> faults = ReleaseValidator.Validate(release);
        if (faults.Count > 0)
            throw new TrainingException($"The run's release would be faulty: {string.Join(" ", faults)}");

        BlobPath path = Release.PathOf(plan.Release);
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(release, CloudPipeJson.Indented);
        if (await store.WriteBytesAsync(path, json, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false) is not null)
            return;

        // This step itself may have written it before it was stopped.
        byte[]? existing = await store.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false);
        if (existing is null || !existing.AsSpan().SequenceEqual(json))
            throw new TrainingException($"The release '{plan.Release}' was published by another run meanwhile, and releases do not change. The weights are in {BlobContainers.Releases}, the tables in {BlobContainers.Runs}/{plan.RunId}; set release to another name and upload the request again.");
    }

    private static FamiliarityModel? FamiliarityOf(IReadOnlyList<FoldOutcome> outcomes, Member[] members)
    {
        FeatureStatistics[] statistics =
        [
            .. outcomes.Select(outcome => outcome.Training!.FeatureStatistics).OfType<FeatureStatistics>()
                .Where(statistics => members.Any(member => member.Architecture == statistics.Architecture && member.Fold == statistics.Fold)),
        ];
        return statistics.Length > 0 ? new FamiliarityModel(statistics) : null;
    }

    private static RunFold[] Summarize(IReadOnlyList<FoldOutcome> outcomes, EvaluationReport? evaluation) =>
    [
        .. outcomes.Select(outcome => new RunFold(
            outcome.Architecture,
            outcome.Fold,
            outcome.Failure,
            outcome.Training?.KeptEpoch,
            evaluation?.Folds.First(fold => fold.Architecture == outcome.Architecture && fold.Fold == outcome.Fold).Precision.Macro
                ?? outcome.Training?.Epochs.LastOrDefault(epoch => epoch.Epoch == outcome.Training.KeptEpoch)?.MeanAveragePrecision,
            outcome.Training?.Weights)),
    ];

    [LoggerMessage(Level = LogLevel.Information, Message = "Training run {RunId} is completed: the release {Release} has a mean average precision of {MeanAveragePrecision:0.000} out of fold")]
    private partial void LogCompleted(string runId, string release, double meanAveragePrecision);
}
