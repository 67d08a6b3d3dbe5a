namespace CloudPipe.Shards;

/// <summary>When a tile's frame was wanted and when it was found, both in seconds from the video's first frame.</summary>
/// <param name="PlannedSeconds">The sampling instant.</param>
/// <param name="ActualSeconds">The time stamp of the frame that was cut: the nearest one to the instant.</param>
public sealed record FrameTime(double PlannedSeconds, double ActualSeconds);
