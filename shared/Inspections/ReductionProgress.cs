using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>
/// Which of an inspection's predictions have been reported: one bit each, so that a message costs the reading and writing of
/// a few bytes however long the survey is. A prediction may be there before its bit is.
/// </summary>
/// <param name="ShardCount">The plan's shards.</param>
/// <param name="GroupCount">The plan's member groups.</param>
/// <param name="Done">Bit <c>shard × GroupCount + group</c>, the lowest bit of a byte first.</param>
public sealed record ReductionProgress(int ShardCount, int GroupCount, byte[] Done)
{
    /// <summary>Whether every bit is set.</summary>
    public bool IsComplete => Enumerable.Range(0, ShardCount * GroupCount).All(IsSet);

    /// <summary>Where an inspection's progress lives, beside its plan.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string inspectionId) => new(BlobContainers.Plans, $"{inspectionId}.progress.json");

    /// <summary>The progress of a plan that nothing has been reported of.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>No bit is set.</returns>
    public static ReductionProgress Start(InspectionPlan plan) =>
        new(plan.Shards.Count, plan.MemberGroups.Count, new byte[((plan.Shards.Count * plan.MemberGroups.Count) + 7) / 8]);

    /// <summary>Whether there is such a prediction.</summary>
    /// <param name="shardIndex">The shard.</param>
    /// <param name="groupIndex">The member group.</param>
    /// <returns>Whether both are within the plan.</returns>
    public bool Has(int shardIndex, int groupIndex) =>
        shardIndex >= 0 && shardIndex < ShardCount && groupIndex >= 0 && groupIndex < GroupCount;

    /// <summary>Whether a prediction has been reported.</summary>
    /// <param name="shardIndex">The shard.</param>
    /// <param name="groupIndex">The member group.</param>
    /// <returns>Whether its bit is set.</returns>
    public bool IsDone(int shardIndex, int groupIndex) => IsSet((shardIndex * GroupCount) + groupIndex);

    /// <summary>Sets a prediction's bit.</summary>
    /// <param name="shardIndex">The shard.</param>
    /// <param name="groupIndex">The member group.</param>
    /// <returns>The new progress; this one stays as it is.</returns>
    public ReductionProgress With(int shardIndex, int groupIndex)
    {
        int bit = (shardIndex * GroupCount) + groupIndex;
        byte[] done = [.. Done];
        done[bit / 8] |= (byte)(1 << (bit % 8));
        return this with { Done = done };
    }

    private bool IsSet(int bit) => (Done[bit / 8] & (1 << (bit % 8))) != 0;
}
