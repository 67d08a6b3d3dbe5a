namespace CloudPipe.Metrics;

/// <summary>From which score on a class is said to be there.</summary>
public static class DecisionThreshold
{
    /// <summary>Where no sample has the class, there is nothing to choose by.</summary>
    public const double Usual = 0.5;

    /// <summary>Finds the threshold with the highest F score.</summary>
    /// <remarks>
    /// Of thresholds with the same F score the highest wins: it says the class least often. Between two neighbouring scores the
    /// threshold lies half-way, so that a last bit does not decide. A score of 0 never counts as said.
    /// </remarks>
    /// <param name="scores">One per sample, 0..1.</param>
    /// <param name="positives">Whether each sample has the class.</param>
    /// <param name="beta">How many times recall counts as much as precision: 1 for F1, 2 for F2.</param>
    /// <returns>Above 0 and at most 1; <see cref="Usual"/> where no sample with a score above 0 has the class.</returns>
    /// <exception cref="ArgumentException">The lengths differ, a score is outside 0..1, or beta is not above 0.</exception>
    public static double Best(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives, double beta = 1)
    {
        MetricInput.CheckProbabilities(scores, positives);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(beta);
        double[] ordered = scores.ToArray();
        bool[] hits = positives.ToArray();
        Array.Sort(ordered, hits);

        int total = positives.Count(true);
        int found = 0;
        double best = 0;
        double threshold = Usual;
        for (int i = ordered.Length - 1; i >= 0 && ordered[i] > 0; i--)
        {
            found += hits[i] ? 1 : 0;
            if (i > 0 && ordered[i - 1] == ordered[i])
                continue;

            int said = ordered.Length - i;
            double score = (1 + (beta * beta)) * found / ((beta * beta * total) + said);
            if (score > best)
            {
                best = score;
                threshold = HalfWay(i > 0 ? ordered[i - 1] : 0, ordered[i]);
            }
        }

        return threshold;
    }

    // Of two neighbouring numbers the middle may round to the lower one, which is not said.
    private static double HalfWay(double lower, double upper)
    {
        double middle = lower + ((upper - lower) / 2);
        return middle > lower ? middle : upper;
    }
}
