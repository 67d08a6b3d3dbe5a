namespace CloudPipe.Messages;

/// <summary>A prediction has been written; the result follows when it was the last one.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="ShardIndex">The shard that was scored, from 0.</param>
/// <param name="GroupIndex">The member group that scored it, from 0.</param>
public sealed record ReduceMessage(string InspectionId, int ShardIndex, int GroupIndex) : Message;
