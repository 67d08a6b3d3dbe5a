namespace CloudPipe.Inspections;

/// <summary>Which frames stand for a segment.</summary>
public enum FrameSampling
{
    /// <summary>The centres of grid² equal parts.</summary>
    Uniform,

    /// <summary>Consecutive frames from the middle.</summary>
    Sequence,

    /// <summary>The centres of a multiple of grid² equal parts, of which a super-image shows every k-th.</summary>
    Dense,
}
