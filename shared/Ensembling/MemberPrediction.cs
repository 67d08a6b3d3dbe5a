using System.Text.Json.Serialization;

namespace CloudPipe.Ensembling;

/// <summary>One member's probabilities for the segments of a shard.</summary>
/// <param name="MemberIndex">The member, as an index into the release's members.</param>
/// <param name="Probabilities">One row per segment of the shard, one column per class, after the sigmoid.</param>
public sealed record MemberPrediction(int MemberIndex, IReadOnlyList<IReadOnlyList<float>> Probabilities)
{
    /// <summary>How familiar each segment is to the member, 0..1; <see langword="null"/> when the release has no feature statistics of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<double>? Familiarities { get; init; }
}
