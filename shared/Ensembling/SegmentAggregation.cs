namespace CloudPipe.Ensembling;

/// <summary>How the probabilities of segments become the inspection's.</summary>
public enum SegmentAggregation
{
    /// <summary>The largest: a defect anywhere is a defect.</summary>
    Max,

    /// <summary>The arithmetic mean.</summary>
    Mean,

    /// <summary>The median.</summary>
    Median,
}
