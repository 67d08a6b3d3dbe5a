using CloudPipe.Inspections;

namespace CloudPipe.Ensembling;

/// <summary>What an ensemble says of one inspection.</summary>
/// <param name="Labels">Every class with the inspection's probability, in the taxonomy's order, after the ZC rule.</param>
/// <param name="Defects">The classes at or above their thresholds in the release, most probable first, the normal class never among them.</param>
/// <param name="Segments">The timeline: each segment's averaged and calibrated probabilities, before aggregation and the ZC rule.</param>
public sealed record EnsembleScores(IReadOnlyList<LabelScore> Labels, IReadOnlyList<LabelScore> Defects, IReadOnlyList<SegmentScore> Segments)
{
    /// <summary>How familiar the inspection is to the release's networks, 0..1; <see langword="null"/> when the release cannot tell.</summary>
    public double? Familiarity { get; init; }
}
