namespace CloudPipe.Metrics;

/// <summary>The mean negative logarithm of the probability given to what was so.</summary>
public static class LogLoss
{
    /// <summary>
    /// How near to certainty a probability is taken to be: about the step of a float32 below 1, in which networks' outputs are
    /// rounded to 0 or 1. Without it one wrong certainty would cost infinitely much.
    /// </summary>
    public const double NearestToCertain = 1e-7;

    /// <summary>Computes it.</summary>
    /// <param name="probabilities">One per sample, 0..1; taken at least <see cref="NearestToCertain"/> away from both ends.</param>
    /// <param name="positives">Whether each sample has the class.</param>
    /// <returns>Nats, 0 or more; 0 without samples.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is outside 0..1.</exception>
    public static double Compute(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives)
    {
        MetricInput.CheckProbabilities(probabilities, positives);
        double sum = 0;
        for (int i = 0; i < probabilities.Length; i++)
        {
            double clipped = Math.Clamp(probabilities[i], NearestToCertain, 1 - NearestToCertain);
            sum -= Math.Log(positives[i] ? clipped : 1 - clipped);
        }

        return probabilities.Length == 0 ? 0 : sum / probabilities.Length;
    }
}
