namespace CloudPipe.Metrics;

/// <summary>How far probabilities can be taken at their word: Guo et al., "On Calibration of Modern Neural Networks", 2017, section 2.</summary>
/// <param name="Bins">The bins that hold a sample, ascending.</param>
public sealed record ReliabilityCurve(IReadOnlyList<ReliabilityBin> Bins)
{
    /// <summary>How many bins are customary.</summary>
    public const int UsualBinCount = 15;

    /// <summary>ECE: the mean distance of what was said from what was so, each bin weighed by its samples. 0 to 1; 0 without samples.</summary>
    public double ExpectedError
    {
        get
        {
            long samples = Bins.Sum(bin => (long)bin.Count);
            return samples == 0 ? 0 : Bins.Sum(bin => bin.Count * Math.Abs(bin.MeanProbability - bin.PositiveShare)) / samples;
        }
    }

    /// <summary>MCE: the largest distance of what was said from what was so. 0 to 1; 0 without samples.</summary>
    public double LargestError => Bins.Select(bin => Math.Abs(bin.MeanProbability - bin.PositiveShare)).DefaultIfEmpty(0).Max();

    /// <summary>Computes a curve.</summary>
    /// <param name="probabilities">One per sample, 0..1.</param>
    /// <param name="positives">Whether each sample has the class.</param>
    /// <param name="binCount">How many bins, 1 or more.</param>
    /// <param name="binning">How they are laid.</param>
    /// <returns>The curve.</returns>
    /// <exception cref="ArgumentException">The lengths differ, a value is outside 0..1, or there is no bin.</exception>
    public static ReliabilityCurve Compute(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives, int binCount, ReliabilityBinning binning)
    {
        MetricInput.CheckProbabilities(probabilities, positives);
        ArgumentOutOfRangeException.ThrowIfLessThan(binCount, 1);
        double[] ordered = probabilities.ToArray();
        bool[] hits = positives.ToArray();
        Array.Sort(ordered, hits);

        var bins = new List<ReliabilityBin>();
        int first = 0;
        for (int bin = 0; bin < binCount; bin++)
        {
            int end = binning == ReliabilityBinning.EqualMass ? EndOfMass(ordered, first, bin, binCount) : EndOfWidth(ordered, first, bin, binCount);
            if (end == first)
                continue;

            (double lower, double upper) = binning == ReliabilityBinning.EqualMass
                ? (ordered[first], ordered[end - 1])
                : (bin / (double)binCount, (bin + 1) / (double)binCount);
            bins.Add(new ReliabilityBin(
                lower, upper, end - first, ordered.AsSpan(first, end - first).ToArray().Average(), hits.AsSpan(first, end - first).Count(true) / (double)(end - first)));
            first = end;
        }

        return new ReliabilityCurve(bins);
    }

    // A bin holds its lower end and not its upper one; the last holds both.
    private static int EndOfWidth(double[] ordered, int first, int bin, int binCount)
    {
        int end = first;
        while (end < ordered.Length && (bin == binCount - 1 || ordered[end] < (bin + 1) / (double)binCount))
            end++;

        return end;
    }

    private static int EndOfMass(double[] ordered, int first, int bin, int binCount)
    {
        int end = Math.Max(first, (int)((long)ordered.Length * (bin + 1) / binCount));
        while (end > 0 && end < ordered.Length && ordered[end] == ordered[end - 1])
            end++;

        return end;
    }
}
