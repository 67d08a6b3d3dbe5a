namespace CloudPipe.Messages;

/// <summary>Cut one shard of an inspection.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="ShardIndex">Which of the plan's shards, from 0.</param>
public sealed record CutMessage(string InspectionId, int ShardIndex) : Message;
