namespace CloudPipe.Inspections;

/// <summary>
/// The instants whose frames stand for a segment: uniform sampling as in the QV-Pipe papers, the centres of equal parts.
/// </summary>
/// <param name="InstantsSeconds">Seconds from the video's first frame, ascending.</param>
public sealed record SamplingPlan(IReadOnlyList<double> InstantsSeconds)
{
    /// <summary>Divides a segment into grid² equal parts and takes the centre of each.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="grid">Tiles per side of a super-image, 1 or more.</param>
    /// <returns>The plan, grid² instants.</returns>
    public static SamplingPlan For(Segment segment, int grid)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(grid, 1);
        int count = grid * grid;
        double part = segment.DurationSeconds / count;
        return new SamplingPlan([.. Enumerable.Range(0, count).Select(index => segment.StartSeconds + ((index + 0.5) * part))]);
    }
}
