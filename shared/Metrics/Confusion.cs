namespace CloudPipe.Metrics;

/// <summary>The four counts of one class at one threshold, and what follows from them.</summary>
/// <param name="TruePositives">Samples that have the class and are said to.</param>
/// <param name="FalsePositives">Samples that are said to have the class and have not.</param>
/// <param name="FalseNegatives">Samples that have the class and are not said to.</param>
/// <param name="TrueNegatives">The rest.</param>
public sealed record Confusion(int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    /// <summary>The share of those said to have the class that have it; 0 when none is said to.</summary>
    public double Precision => Ratio(TruePositives, TruePositives + FalsePositives);

    /// <summary>The share of those that have the class that are said to; 0 when none has it.</summary>
    public double Recall => Ratio(TruePositives, TruePositives + FalseNegatives);

    /// <summary>The harmonic mean of precision and recall; 0 when both are.</summary>
    public double F1 => Ratio(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>The F score that counts recall beta times as much as precision; 1 gives <see cref="F1"/>.</summary>
    /// <param name="beta">Above 0.</param>
    /// <returns>0 to 1; 0 when precision and recall are.</returns>
    public double FScore(double beta)
    {
        double square = beta * beta;
        double whole = ((1 + square) * TruePositives) + (square * FalseNegatives) + FalsePositives;
        return whole == 0 ? 0 : (1 + square) * TruePositives / whole;
    }

    /// <summary>Counts one class.</summary>
    /// <param name="scores">One score per sample.</param>
    /// <param name="positives">Whether each sample has the class.</param>
    /// <param name="threshold">A score at or above it says that the sample has the class.</param>
    /// <returns>The counts.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static Confusion Compute(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives, double threshold)
    {
        if (scores.Length != positives.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores for {positives.Length} samples.", nameof(scores));
        }

        int truePositives = 0, falsePositives = 0, falseNegatives = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            bool predicted = scores[i] >= threshold;
            truePositives += predicted && positives[i] ? 1 : 0;
            falsePositives += predicted && !positives[i] ? 1 : 0;
            falseNegatives += !predicted && positives[i] ? 1 : 0;
        }

        return new Confusion(truePositives, falsePositives, falseNegatives, scores.Length - truePositives - falsePositives - falseNegatives);
    }

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : part / (double)whole;
}
