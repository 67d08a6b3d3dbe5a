namespace CloudPipe.Metrics;

/// <summary>
/// Temperature scaling of a probability: its logit divided by one number, which changes no ranking (Guo et al., "On Calibration
/// of Modern Neural Networks", 2017, section 4.2, for a single sigmoid).
/// </summary>
public static class TemperatureScaling
{
    /// <summary>The lowest temperature that is fitted or accepted: probabilities become more certain.</summary>
    public const double Lowest = 0.1;

    /// <summary>The highest temperature that is fitted or accepted: probabilities become less certain.</summary>
    public const double Highest = 10;

    // Halving [0.1, 10] so often leaves less than a double's step at 1.
    private const int Halvings = 60;

    /// <summary>Finds the temperature with the least log loss.</summary>
    /// <remarks>
    /// The log loss is convex in the inverse temperature, so halving the interval by the sign of its slope finds the one minimum,
    /// the same on every machine up to the rounding of <c>exp</c> and <c>log</c>.
    /// </remarks>
    /// <param name="probabilities">One per sample, 0..1; taken as <see cref="LogLoss"/> takes them.</param>
    /// <param name="positives">Whether each sample has the class.</param>
    /// <returns><see cref="Lowest"/> to <see cref="Highest"/>; 1 where all samples or none have the class: nothing can be learnt from them.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a value is outside 0..1.</exception>
    public static double Fit(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives)
    {
        MetricInput.CheckProbabilities(probabilities, positives);
        if (!positives.Contains(true) || !positives.Contains(false))
            return 1;

        double[] logits = new double[probabilities.Length];
        for (int i = 0; i < logits.Length; i++)
        {
            double clipped = Math.Clamp(probabilities[i], LogLoss.NearestToCertain, 1 - LogLoss.NearestToCertain);
            logits[i] = Math.Log(clipped / (1 - clipped));
        }

        // Where every probability is one half, no temperature changes anything.
        if (Slope(logits, positives, 1) == 0)
            return 1;

        double low = 1 / Highest, high = 1 / Lowest;
        if (Slope(logits, positives, low) >= 0)
            return Highest;
        if (Slope(logits, positives, high) <= 0)
            return Lowest;

        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (Slope(logits, positives, middle) < 0)
                low = middle;
            else
                high = middle;
        }

        return Math.Clamp(2 / (low + high), Lowest, Highest);
    }

    /// <summary>Scales one probability.</summary>
    /// <param name="probability">0..1; the ends stay what they are.</param>
    /// <param name="temperature">Above 0; 1 changes nothing.</param>
    /// <returns>0..1.</returns>
    public static double Apply(double probability, double temperature) =>
        temperature == 1 || probability is <= 0 or >= 1 ? probability : 1 / (1 + Math.Pow((1 - probability) / probability, 1 / temperature));

    // The derivative of the log loss by the inverse temperature, times the number of samples.
    private static double Slope(double[] logits, ReadOnlySpan<bool> positives, double inverse)
    {
        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
            sum += ((1 / (1 + Math.Exp(-inverse * logits[i]))) - (positives[i] ? 1 : 0)) * logits[i];

        return sum;
    }
}
