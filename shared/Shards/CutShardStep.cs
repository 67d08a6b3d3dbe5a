using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Shards;

/// <summary>
/// The second step: a <see cref="CutMessage"/> becomes a shard and one <see cref="ScoreMessage"/> per member group. A
/// repeat finds the shard and only sends the messages again, under the same ids.
/// </summary>
/// <param name="store">Where the plan is and the shard goes.</param>
/// <param name="queue">Where the score messages go.</param>
/// <param name="cutter">Cuts the frames.</param>
/// <param name="logger">Says what was cut.</param>
public sealed partial class CutShardStep(IBlobStore store, IMessageQueue queue, ShardCutter cutter, ILogger<CutShardStep> logger)
{
    /// <summary>Cuts one shard.</summary>
    /// <param name="message">Which.</param>
    /// <param name="cancellationToken">Stops the work; running it again continues it.</param>
    /// <exception cref="MessageFormatException">The message names an inspection or a shard that does not exist.</exception>
    /// <exception cref="InspectionRejectedException">The upload has changed, or a part of it cannot be decoded.</exception>
    public async Task RunAsync(CutMessage message, CancellationToken cancellationToken)
    {
        InspectionPlan plan = await ReadPlanAsync(message, cancellationToken).ConfigureAwait(false);
        BlobPath path = plan.ShardPath(message.ShardIndex);
        bool wasThere = message.MayBeDone && await store.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null;
        bool isNew = !wasThere && await CutAsync(plan, message.ShardIndex, path, cancellationToken).ConfigureAwait(false);
        InspectionPlan? carried = CarriedPlan.Of(plan);
        for (int group = 0; group < plan.MemberGroups.Count; group++)
        {
            string id = $"score:{plan.InspectionId}:{message.ShardIndex}:{group}";
            var score = new ScoreMessage(plan.InspectionId, message.ShardIndex, group) { Plan = carried, Repeat = !isNew };
            await queue.SendAsync(id, score, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<InspectionPlan> ReadPlanAsync(CutMessage message, CancellationToken cancellationToken)
    {
        if (!InspectionId.IsWellFormed(message.InspectionId))
        {
            throw new MessageFormatException("The message's inspectionId is no inspection's: 1 to 80 characters of a-z, 0-9 and hyphen are expected.");
        }

        InspectionPlan plan = await CarriedPlan.ReadAsync(store, message.InspectionId, message.Plan, cancellationToken).ConfigureAwait(false)
            ?? throw new MessageFormatException($"There is no plan of inspection '{message.InspectionId}'. Upload the video again.");
        return message.ShardIndex >= 0 && message.ShardIndex < plan.Shards.Count
            ? plan
            : throw new MessageFormatException($"Inspection '{message.InspectionId}' has {plan.Shards.Count} shards, none of index {message.ShardIndex}.");
    }

    // Whether this call wrote the shard.
    private async Task<bool> CutAsync(InspectionPlan plan, int shardIndex, BlobPath path, CancellationToken cancellationToken)
    {
        IReadOnlyList<ShardSegment> segments;
        try
        {
            segments = await cutter.CutAsync(plan, shardIndex, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Another video under the same name may well not be what the plan says.
            await CheckUploadAsync(plan, cancellationToken).ConfigureAwait(false);
            throw;
        }

        // Frames of a video that was replaced meanwhile must not be scored under this id.
        await CheckUploadAsync(plan, cancellationToken).ConfigureAwait(false);
        using var tar = new MemoryStream();
        await ShardWriter.WriteAsync(tar, segments, cancellationToken).ConfigureAwait(false);
        tar.Position = 0;
        bool isNew = await store.WriteAsync(path, tar, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false) is not null;
        LogCut(logger, plan.InspectionId, shardIndex, segments.Count, tar.Length);
        return isNew;
    }

    private async Task CheckUploadAsync(InspectionPlan plan, CancellationToken cancellationToken)
    {
        BlobProperties? upload = await store.FindAsync(new BlobPath(BlobContainers.Inspections, plan.BlobName), cancellationToken).ConfigureAwait(false);
        if (upload is null || InspectionId.Create(plan.BlobName, upload.ETag) != plan.InspectionId)
        {
            string what = upload is null ? "was deleted" : "was replaced by another upload";
            throw new InspectionRejectedException(ReasonCode.UploadChanged, $"'{plan.BlobName}' {what} before all of it was cut. A replaced video is inspected anew by itself.");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Inspection {InspectionId}: cut shard {Shard} with {Segments} segments, {Bytes} bytes")]
    private static partial void LogCut(ILogger logger, string inspectionId, int shard, int segments, long bytes);
}
