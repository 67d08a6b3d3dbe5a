namespace CloudPipe.Benchmarks.Rehearsal;

/// <summary>What a stretch of a rehearsal took.</summary>
/// <param name="Inspections">How many.</param>
/// <param name="Seconds">From the first drop to the last event.</param>
/// <param name="ProcessorSeconds">The processor time of the functions, the workers and their ffmpegs.</param>
/// <param name="Latencies">From each drop to its event, sorted. Seconds.</param>
internal sealed record RehearsalStretch(int Inspections, double Seconds, double ProcessorSeconds, IReadOnlyList<double> Latencies)
{
    /// <summary>Processor milliseconds of one inspection.</summary>
    public double MillisecondsEach => 1000 * ProcessorSeconds / Inspections;

    /// <summary>The latency that a share of the inspections does not exceed.</summary>
    /// <param name="share">0 to 1.</param>
    /// <returns>Seconds.</returns>
    public double Percentile(double share) => Latencies[(int)Math.Ceiling(share * Latencies.Count) - 1];
}
