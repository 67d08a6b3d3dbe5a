namespace CloudPipe.PipeSim;

/// <summary>
/// The rule of what counts as visible. A part of the pipe at a distance d ahead shows as a ring of radius
/// focal × R / d, in half picture heights. A defect is visible while some part of it has a ring between
/// <see cref="SmallestRing"/> (nearer to the vanishing point it is too small to recognise) and
/// <see cref="LargestRing"/> (beyond the picture's corners it has been passed). It must be so in at least two of nine
/// frames sampled at the centres of nine equal parts of the clip; in a clip longer than ten seconds, of the ten
/// seconds around the event.
/// </summary>
public static class Visibility
{
    public const float SmallestRing = 0.27f;
    public const float LargestRing = 1.15f;
    public const int SampledFrames = 9;
    public const int FramesThatShowIt = 2;
    public const double WindowSeconds = 10;

    private const double StepSeconds = 0.05;

    public static bool IsVisible(PipeScene scene, float start, float end, double seconds)
    {
        var z = scene.Camera.Metres(seconds);
        var size = scene.Camera.Focal(seconds) * scene.Radius;
        var nearest = MathF.Max(start, z + size / LargestRing);
        return nearest <= end && size >= SmallestRing * (nearest - z);
    }

    /// <summary>The first and the last visible moment; null if there is none.</summary>
    public static (double First, double Last)? Interval(PipeScene scene, float start, float end, double durationSeconds)
    {
        double first = -1, last = -1;
        for (var step = 0; step * StepSeconds < durationSeconds; step++)
        {
            if (!IsVisible(scene, start, end, step * StepSeconds)) continue;
            if (first < 0) first = step * StepSeconds;
            last = step * StepSeconds;
        }

        return first < 0 ? null : (first, Math.Min(durationSeconds, last + StepSeconds));
    }

    /// <summary>In how many of the nine sampled frames the stretch of pipe is visible.</summary>
    public static int SampledFramesThatShow(PipeScene scene, float start, float end, double durationSeconds)
    {
        if (Interval(scene, start, end, durationSeconds) is not var (first, last)) return 0;
        var window = Math.Min(WindowSeconds, durationSeconds);
        var from = Math.Clamp((first + last - window) / 2, 0, durationSeconds - window);
        var frames = 0;
        for (var i = 0; i < SampledFrames; i++)
        {
            if (IsVisible(scene, start, end, from + (i + 0.5) * window / SampledFrames)) frames++;
        }

        return frames;
    }
}
