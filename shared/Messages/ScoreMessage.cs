using System.Text.Json.Serialization;
using CloudPipe.Inspections;

namespace CloudPipe.Messages;

/// <summary>Score one shard with one group of the release's members.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="ShardIndex">Which of the plan's shards, from 0.</param>
/// <param name="GroupIndex">Which of the plan's member groups, from 0.</param>
public sealed record ScoreMessage(string InspectionId, int ShardIndex, int GroupIndex) : Message
{
    /// <summary>The inspection's plan, where it is small enough to travel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InspectionPlan? Plan { get; init; }
}
