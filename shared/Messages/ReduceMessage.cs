using System.Text.Json.Serialization;
using CloudPipe.Ensembling;
using CloudPipe.Inspections;

namespace CloudPipe.Messages;

/// <summary>A prediction has been written; the result follows when it was the last one.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="ShardIndex">The shard that was scored, from 0.</param>
/// <param name="GroupIndex">The member group that scored it, from 0.</param>
public sealed record ReduceMessage(string InspectionId, int ShardIndex, int GroupIndex) : Message
{
    /// <summary>The inspection's plan, where it is small enough to travel.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public InspectionPlan? Plan { get; init; }

    /// <summary>What the members said, where that is all that will be said of the inspection and small; the blob says the same.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ShardPrediction? Prediction { get; init; }
}
