namespace CloudPipe.Ensembling;

/// <summary>What one group of members said of one shard: <c>predictions/&lt;id&gt;/&lt;shard&gt;-&lt;group&gt;.json</c>.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="ShardIndex">The shard, from 0.</param>
/// <param name="GroupIndex">The member group, from 0.</param>
/// <param name="Members">One entry per member of the group.</param>
public sealed record ShardPrediction(string InspectionId, int ShardIndex, int GroupIndex, IReadOnlyList<MemberPrediction> Members);
