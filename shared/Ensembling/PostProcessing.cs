namespace CloudPipe.Ensembling;

/// <summary>What turns averaged probabilities into defects.</summary>
/// <param name="Aggregation">How segments become one inspection; the normal class always takes the minimum.</param>
/// <param name="NormalThreshold">The 'ZC' rule: above it the normal class becomes 1 and all others 0 (0.9 in the papers).</param>
/// <param name="DefectThreshold">A class at or above it is listed as a defect.</param>
public sealed record PostProcessing(SegmentAggregation Aggregation = SegmentAggregation.Max, double NormalThreshold = 0.9, double DefectThreshold = 0.5);
