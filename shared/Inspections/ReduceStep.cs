using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.Messages;
using CloudPipe.Reports;
using CloudPipe.Shards;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Inspections;

/// <summary>
/// Notes that a prediction is there and, after the last one, writes the inspection's report and result and emits the event.
/// Messages may come in any order and again: every state they find leads to the same result, and a process that dies between
/// two steps is made good by the message's next delivery.
/// </summary>
/// <param name="store">Where plans, predictions, shards and results are.</param>
/// <param name="releases">The releases.</param>
/// <param name="results">Writes the result.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Hears of results, and of reports that lack their pictures.</param>
public sealed partial class ReduceStep(IBlobStore store, ReleaseStore releases, ResultWriter results, TimeProvider time, ILogger<ReduceStep> logger)
{
    private const int ParallelReads = 8;

    /// <summary>Handles one message.</summary>
    /// <param name="message">Names the prediction that was written.</param>
    /// <param name="cancellationToken">Stops it; a later delivery goes on.</param>
    /// <exception cref="MessageFormatException">There is no such inspection, shard or group.</exception>
    /// <exception cref="InspectionRejectedException">The release cannot be used.</exception>
    /// <exception cref="InvalidDataException">A prediction is missing or faulty.</exception>
    public async Task HandleAsync(ReduceMessage message, CancellationToken cancellationToken = default)
    {
        if (!InspectionId.IsWellFormed(message.InspectionId))
            throw new MessageFormatException("This reduce message's inspectionId is none: an id has 1 to 80 characters of a-z, 0-9 and hyphen.");
        InspectionPlan? plan = message.Plan is null ? null : await ReadPlanAsync(message, cancellationToken).ConfigureAwait(false);
        bool isOnly = plan is not null && plan.Shards.Count * plan.MemberGroups.Count == 1;
        if (isOnly)
            RequireKnown(ReductionProgress.Start(plan!), message);
        else if (!await MarkAsync(message, cancellationToken).ConfigureAwait(false))
            return;

        // The first news of the only prediction has no result before it; should it have one, it is noticed when it is written.
        if ((!isOnly || message.MayBeDone)
            && await results.FindAsync(message.InspectionId, cancellationToken).ConfigureAwait(false) is { Status: not InspectionStatus.Failed } stored)
        {
            // The process that wrote it may have died before it emitted the event.
            await results.EmitAsync(stored, cancellationToken).ConfigureAwait(false);
            return;
        }

        plan ??= await ReadPlanAsync(message, cancellationToken).ConfigureAwait(false);
        Release release = await releases.GetAsync(plan.Release, cancellationToken).ConfigureAwait(false);
        ShardPrediction[] predictions = isOnly && message.Prediction?.InspectionId == plan.InspectionId
            ? [message.Prediction]
            : await ReadPredictionsAsync(plan, cancellationToken).ConfigureAwait(false);
        EnsembleScores scores = EnsembleReducer.Reduce(release, plan, predictions);

        DateTimeOffset now = time.GetUtcNow();
        var result = new InspectionResult(
            plan.InspectionId, plan.BlobName, plan.ETag, InspectionStatus.Completed, now, Reason: null, plan.Release, plan.Video,
            scores.Labels, scores.Defects, scores.Segments, plan.Metadata, (now - plan.UploadedAt).TotalSeconds)
        {
            Familiarity = scores.Familiarity,
            Unfamiliar = scores.Familiarity is double familiarity ? familiarity < release.Familiarity!.Threshold : null,
        };
        IReadOnlyList<ShardSegment> pictures = await ReadPicturesAsync(plan, release, scores, cancellationToken).ConfigureAwait(false);
        await results.CompleteAsync(result, ReportWriter.Write(result, plan, release, pictures), cancellationToken).ConfigureAwait(false);
        LogCompleted(plan.InspectionId, scores.Defects.Count, scores.Segments.Count);
    }

    // Whether every prediction has been reported.
    private async Task<bool> MarkAsync(ReduceMessage message, CancellationToken cancellationToken)
    {
        BlobPath path = ReductionProgress.PathOf(message.InspectionId);
        while (true)
        {
            (ReductionProgress? progress, WriteCondition condition) = await ReadProgressAsync(path, cancellationToken).ConfigureAwait(false);
            progress ??= ReductionProgress.Start(await ReadPlanAsync(message, cancellationToken).ConfigureAwait(false));
            RequireKnown(progress, message);
            if (progress.ShardCount * progress.GroupCount == 1 || progress.IsDone(message.ShardIndex, message.GroupIndex))
                return progress.ShardCount * progress.GroupCount == 1 || progress.IsComplete;

            // When the write does not go through, another message's did: look again.
            progress = progress.With(message.ShardIndex, message.GroupIndex);
            if (await store.WriteJsonAsync(path, progress, condition, cancellationToken).ConfigureAwait(false) is not null)
                return progress.IsComplete;
        }
    }

    private static void RequireKnown(ReductionProgress progress, ReduceMessage message)
    {
        if (!progress.Has(message.ShardIndex, message.GroupIndex))
        {
            throw new MessageFormatException(
                $"This reduce message names shard {message.ShardIndex}, group {message.GroupIndex}; inspection '{message.InspectionId}' has {progress.ShardCount} shards and {progress.GroupCount} groups.");
        }
    }

    private async Task<(ReductionProgress? Progress, WriteCondition Condition)> ReadProgressAsync(BlobPath path, CancellationToken cancellationToken)
    {
        await using BlobContent? content = await store.OpenReadAsync(path, null, cancellationToken).ConfigureAwait(false);
        if (content is null)
            return (null, WriteCondition.IfAbsent);

        ReductionProgress? progress = await JsonSerializer.DeserializeAsync<ReductionProgress>(content.Stream, CloudPipeJson.Options, cancellationToken).ConfigureAwait(false);
        return (progress, WriteCondition.IfMatch(content.Properties.ETag));
    }

    private async Task<InspectionPlan> ReadPlanAsync(ReduceMessage message, CancellationToken cancellationToken) =>
        await CarriedPlan.ReadAsync(store, message.InspectionId, message.Plan, cancellationToken).ConfigureAwait(false)
            ?? throw new MessageFormatException(
                $"There is no inspection '{message.InspectionId}': {InspectionPlan.PathOf(message.InspectionId)} does not exist. Drop the message, or upload the video again.");

    private async Task<ShardPrediction[]> ReadPredictionsAsync(InspectionPlan plan, CancellationToken cancellationToken)
    {
        int groups = plan.MemberGroups.Count;
        var predictions = new ShardPrediction[plan.Shards.Count * groups];
        var parallelism = new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, predictions.Length, parallelism, async (unit, token) =>
        {
            BlobPath path = plan.PredictionPath(unit / groups, unit % groups);
            try
            {
                predictions[unit] = await store.ReadJsonAsync<ShardPrediction>(path, token).ConfigureAwait(false)
                    ?? throw new InvalidDataException($"The prediction {path} was reported but is not there. Requeue its score message to have it made again.");
            }
            catch (JsonException exception)
            {
                throw new InvalidDataException($"The prediction {path} is not the JSON of one: {exception.Message}", exception);
            }
        }).ConfigureAwait(false);
        return predictions;
    }

    // A report without pictures is better than no result: frames may have been deleted to save space.
    private async Task<IReadOnlyList<ShardSegment>> ReadPicturesAsync(InspectionPlan plan, Release release, EnsembleScores scores, CancellationToken cancellationToken)
    {
        HashSet<int> wanted = [.. ReportWriter.SegmentsToShow(scores.Segments, release.Taxonomy)];
        var pictures = new List<ShardSegment>();
        foreach (Shard shard in plan.Shards.Where(shard => wanted.Any(segment => segment >= shard.FirstSegment && segment < shard.FirstSegment + shard.SegmentCount)))
        {
            BlobPath path = plan.ShardPath(shard.Index);
            try
            {
                await using BlobContent? content = await store.OpenReadAsync(path, null, cancellationToken).ConfigureAwait(false);
                if (content is null)
                    LogWithoutPictures(plan.InspectionId, path.ToString(), "it does not exist");
                else
                    pictures.AddRange((await ShardReader.ReadAsync(content.Stream, cancellationToken).ConfigureAwait(false)).Where(segment => wanted.Contains(segment.Manifest.SegmentIndex)));
            }
            catch (ShardFormatException exception)
            {
                LogWithoutPictures(plan.InspectionId, path.ToString(), exception.Message);
            }
        }

        return pictures;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Inspection {InspectionId} is completed: {DefectCount} defects, {SegmentCount} segments")]
    private partial void LogCompleted(string inspectionId, int defectCount, int segmentCount);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The report of inspection {InspectionId} lacks pictures: {Path}: {Fault}")]
    private partial void LogWithoutPictures(string inspectionId, string path, string fault);
}
