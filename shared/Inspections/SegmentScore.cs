using System.Text.Json.Serialization;

namespace CloudPipe.Inspections;

/// <summary>One segment's probabilities: a point of the defect timeline.</summary>
/// <param name="Index">The segment, from 0.</param>
/// <param name="StartSeconds">From the video's first frame.</param>
/// <param name="EndSeconds">From the video's first frame.</param>
/// <param name="Probabilities">One per class, in the taxonomy's order, 0 to 1.</param>
public sealed record SegmentScore(int Index, double StartSeconds, double EndSeconds, IReadOnlyList<double> Probabilities)
{
    /// <summary>How familiar the segment is to the release's networks, 0..1; <see langword="null"/> when the release cannot tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Familiarity { get; init; }
}
