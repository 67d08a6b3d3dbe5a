using System.Text.Json.Serialization;
using CloudPipe.Inspections;

namespace CloudPipe.Messages;

/// <summary>Cut one shard of an inspection.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="ShardIndex">Which of the plan's shards, from 0.</param>
public sealed record CutMessage(string InspectionId, int ShardIndex) : Message
{
    /// <summary>The inspection's plan, where it is small enough to travel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InspectionPlan? Plan { get; init; }
}
