namespace CloudPipe.GpuWorker.Scoring;

/// <summary>What one member says of one segment.</summary>
/// <param name="Probabilities">One per class, 0..1.</param>
/// <param name="Familiarity">How familiar the segment is to the member, 0..1; <see langword="null"/> when the release has no feature statistics of it.</param>
public sealed record SegmentPrediction(float[] Probabilities, double? Familiarity);
