namespace CloudPipe.Datasets;

/// <summary>Which frames stand for a sample.</summary>
public enum FrameSampling
{
    /// <summary>The centres of grid² equal parts, as inspections are cut.</summary>
    Uniform,

    /// <summary>Consecutive frames from the middle.</summary>
    Sequence,

    /// <summary>The centres of a multiple of grid² equal parts, of which training takes some each time.</summary>
    Dense,
}
