namespace CloudPipe.Inspections;

/// <summary>
/// The instants whose frames stand for a segment: unless a release says otherwise sampled uniformly as in the QV-Pipe papers,
/// the centres of equal parts.
/// </summary>
/// <param name="InstantsSeconds">Seconds from the video's first frame, ascending.</param>
public sealed record SamplingPlan(IReadOnlyList<double> InstantsSeconds)
{
    /// <summary>Takes the frames of a segment that a sampling means.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="sampling">Which frames.</param>
    /// <param name="count">How many, 1 or more.</param>
    /// <param name="framesPerSecond">The video's average frame rate.</param>
    /// <returns>The plan.</returns>
    public static SamplingPlan Of(Segment segment, FrameSampling sampling, int count, double framesPerSecond) => sampling == FrameSampling.Sequence
        ? Consecutive(segment, count, framesPerSecond)
        : Uniform(segment, count);

    /// <summary>Divides a segment into equal parts and takes the centre of each.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="count">How many instants, 1 or more.</param>
    /// <returns>The plan.</returns>
    public static SamplingPlan Uniform(Segment segment, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        double part = segment.DurationSeconds / count;
        return new SamplingPlan([.. Enumerable.Range(0, count).Select(index => segment.StartSeconds + ((index + 0.5) * part))]);
    }

    /// <summary>Takes consecutive frames from the middle of a segment.</summary>
    /// <param name="segment">The segment; where it has fewer frames, the run begins with its first one and goes on behind it.</param>
    /// <param name="count">How many frames, 1 or more.</param>
    /// <param name="framesPerSecond">The video's average frame rate: frames are taken to lie at its multiples.</param>
    /// <returns>The plan.</returns>
    public static SamplingPlan Consecutive(Segment segment, int count, double framesPerSecond)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(framesPerSecond);

        // On the frames' own times: between two of them, rounding alone would decide which is the nearest.
        double middle = segment.StartSeconds + (segment.DurationSeconds / 2);
        double first = Math.Round((middle * framesPerSecond) - (count / 2.0), MidpointRounding.AwayFromZero);
        first = Math.Max(first, Math.Ceiling((segment.StartSeconds * framesPerSecond) - 1e-6));
        return new SamplingPlan([.. Enumerable.Range(0, count).Select(index => (first + index) / framesPerSecond)]);
    }
}
