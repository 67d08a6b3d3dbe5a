namespace CloudPipe.Metrics;

/// <summary>The mean squared distance of a probability from what was so (Brier, 1950): it rewards being right and being calibrated.</summary>
public static class BrierScore
{
    /// <summary>Computes it.</summary>
    /// <param name="probabilities">One per sample, 0..1.</param>
    /// <param name="positives">Whether each sample has the class.</param>
    /// <returns>0 (perfect) to 1; 0 without samples.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is outside 0..1.</exception>
    public static double Compute(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives)
    {
        MetricInput.CheckProbabilities(probabilities, positives);
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double distance = probabilities[i] - (positives[i] ? 1 : 0);
            sum += distance * distance;
        }

        return probabilities.Length == 0 ? 0 : sum / probabilities.Length;
    }
}
