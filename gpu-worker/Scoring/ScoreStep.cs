using CloudPipe.Ensembling;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shards;
using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>Scores one shard with one group of members, writes the prediction, and tells the reducer.</summary>
/// <param name="store">Holds plans, shards and predictions.</param>
/// <param name="queue">Takes the reduce message.</param>
/// <param name="releases">Loads and checks releases.</param>
/// <param name="scorer">Runs the networks.</param>
public sealed class ScoreStep(IBlobStore store, IMessageQueue queue, ReleaseStore releases, EnsembleScorer scorer)
{
    // A segment takes about 350 bytes a member.
    private const int MostCarriedSegments = 4;

    /// <summary>Handles one message; a repeat finds the prediction and only tells the reducer again.</summary>
    /// <param name="message">Names the shard and the group.</param>
    /// <param name="cancellationToken">Stops the work; nothing is written then.</param>
    /// <exception cref="InspectionRejectedException">The release is missing or faulty.</exception>
    /// <exception cref="InvalidOperationException">The plan or the shard is not there (yet).</exception>
    public async Task RunAsync(ScoreMessage message, CancellationToken cancellationToken = default)
    {
        InspectionPlan plan = await CarriedPlan.ReadAsync(store, message.InspectionId, message.Plan, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"Inspection '{message.InspectionId}' has no plan: upload the video again.");
        BlobPath path = plan.PredictionPath(message.ShardIndex, message.GroupIndex);
        ShardPrediction? written = null;
        if (!message.MayBeDone || await store.FindAsync(path, cancellationToken).ConfigureAwait(false) is null)
        {
            ShardPrediction prediction = await ScoreAsync(plan, message, cancellationToken).ConfigureAwait(false);
            bool isNew = await store.WriteJsonAsync(path, prediction, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false) is not null;
            written = isNew ? prediction : null;
        }

        var reduce = new ReduceMessage(message.InspectionId, message.ShardIndex, message.GroupIndex)
        {
            Plan = CarriedPlan.Of(plan),
            Prediction = plan.Shards.Count * plan.MemberGroups.Count == 1 && plan.Segments.Count <= MostCarriedSegments ? written : null,
            Repeat = written is null,
            Traceparent = message.Traceparent,
        };
        await queue.SendAsync($"reduce:{message.InspectionId}:{message.ShardIndex}:{message.GroupIndex}", reduce, cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    private async Task<ShardPrediction> ScoreAsync(InspectionPlan plan, ScoreMessage message, CancellationToken cancellationToken)
    {
        Release release = await releases.GetAsync(plan.Release, cancellationToken).ConfigureAwait(false);
        BlobPath shardPath = plan.ShardPath(message.ShardIndex);
        await using BlobContent shard = await store.OpenReadAsync(shardPath, null, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidOperationException($"The shard '{shardPath}' is not there: requeue the cut message of inspection '{plan.InspectionId}'.");
        IReadOnlyList<ShardSegment> segments = await ShardReader.ReadAsync(shard.Stream, cancellationToken).ConfigureAwait(false);

        var predictions = new List<MemberPrediction>();
        // Members that share a tile size share the decoded tiles.
        foreach (IGrouping<int, int> sameTileSize in plan.MemberGroups[message.GroupIndex].GroupBy(index => release.Members[index].TileSize))
        {
            List<SegmentTiles> tiles = await DecodeAsync(segments, sameTileSize.Key, cancellationToken).ConfigureAwait(false);
            try
            {
                foreach (int memberIndex in sameTileSize)
                {
                    SegmentPrediction[] scored = await scorer.ScoreAsync(release, release.Members[memberIndex], tiles, cancellationToken).ConfigureAwait(false);
                    predictions.Add(new MemberPrediction(memberIndex, [.. scored.Select(segment => segment.Probabilities)])
                    {
                        Familiarities = scored.All(segment => segment.Familiarity is not null) ? [.. scored.Select(segment => segment.Familiarity!.Value)] : null,
                    });
                }
            }
            finally
            {
                tiles.ForEach(segment => segment.Dispose());
            }
        }

        return new ShardPrediction(plan.InspectionId, message.ShardIndex, message.GroupIndex, [.. predictions.OrderBy(prediction => prediction.MemberIndex)]);
    }

    private static async Task<List<SegmentTiles>> DecodeAsync(IReadOnlyList<ShardSegment> segments, int tileSize, CancellationToken cancellationToken)
    {
        var decoded = new List<SegmentTiles>(segments.Count);
        await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync(segments, tileSize, cancellationToken).ConfigureAwait(false))
        {
            decoded.Add(tiles);
        }

        return decoded;
    }
}
