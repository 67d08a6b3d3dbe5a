namespace CloudPipe.PipeSim;

/// <summary>What is asked of a video. The aspect ratio of the size is the camera's, whatever size frames are rendered at.</summary>
public sealed record VideoSettings
{
    public int Width { get; init; } = 320;

    public int Height { get; init; } = 240;

    public double DurationSeconds { get; init; } = 10;

    public double FramesPerSecond { get; init; } = 12.5;

    public int FrameCount => (int)Math.Round(DurationSeconds * FramesPerSecond);

    /// <summary>The reason why these settings make no video, or null.</summary>
    public string? Problem() => this switch
    {
        { Width: < 32 or > 4096 } or { Height: < 32 or > 4096 } => $"The size {Width}x{Height} is not within 32..4096 pixels a side.",
        _ when Width % 2 != 0 || Height % 2 != 0 => $"The size {Width}x{Height} is odd; H.264 in yuv420p needs even sides.",
        _ when !(FramesPerSecond is >= 1 and <= 120) => $"{FramesPerSecond} frames per second are not within 1..120.",
        _ when !(DurationSeconds is > 0 and <= 3600) || FrameCount < 1 => $"A duration of {DurationSeconds} s is not within one frame and 3600 s.",
        _ => null,
    };
}
