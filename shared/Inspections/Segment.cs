namespace CloudPipe.Inspections;

/// <summary>A span of an inspection that becomes one super-image.</summary>
/// <param name="Index">Its place in the inspection, from 0.</param>
/// <param name="StartSeconds">From the video's first frame.</param>
/// <param name="EndSeconds">From the video's first frame; exclusive.</param>
public sealed record Segment(int Index, double StartSeconds, double EndSeconds)
{
    /// <summary>Seconds from start to end.</summary>
    public double DurationSeconds => EndSeconds - StartSeconds;
}
