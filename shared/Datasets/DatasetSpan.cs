namespace CloudPipe.Datasets;

/// <summary>A part of a video.</summary>
/// <param name="StartSeconds">From the video's first frame, 0 or more.</param>
/// <param name="EndSeconds">From the video's first frame, after the start; exclusive.</param>
public sealed record DatasetSpan(double StartSeconds, double EndSeconds);
