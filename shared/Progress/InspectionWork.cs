using CloudPipe.Inspections;

namespace CloudPipe.Progress;

/// <summary>An inspection's pieces of work, and how many of them are done.</summary>
/// <param name="Shards">Shards in all.</param>
/// <param name="ShardsCut">Shards whose frames are cut.</param>
/// <param name="Predictions">Predictions in all: one for each shard and member group.</param>
/// <param name="PredictionsWritten">Predictions that are there.</param>
public sealed record InspectionWork(int Shards, int ShardsCut, int Predictions, int PredictionsWritten)
{
    /// <summary>The work of a plan, all of it done.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>The counts.</returns>
    public static InspectionWork DoneOf(InspectionPlan plan)
    {
        int predictions = plan.Shards.Count * plan.MemberGroups.Count;
        return new InspectionWork(plan.Shards.Count, plan.Shards.Count, predictions, predictions);
    }
}
