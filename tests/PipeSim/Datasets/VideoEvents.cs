namespace CloudPipe.PipeSim;

/// <summary>What events.json tells of one video.</summary>
public sealed record VideoEvents(
    ulong Seed,
    double DurationSeconds,
    double FramesPerSecond,
    int Width,
    int Height,
    IReadOnlyList<PipeEvent> Events)
{
    public static VideoEvents Of(PipeVideo video) => new(
        video.Seed, video.Duration, video.FramesPerSecond, video.Settings.Width, video.Settings.Height, video.Events);
}
