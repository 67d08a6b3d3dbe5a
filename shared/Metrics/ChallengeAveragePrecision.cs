namespace CloudPipe.Metrics;

/// <summary>
/// Average precision as the VideoPipe 2022 challenge judged its classification track (QV-Pipe): YouTube-8M's calculator, in
/// the challenge's published <c>eval_classification.py</c> (github.com/Richard-61/VideoPipe). Each sample of the class adds
/// the precision at its own rank.
/// </summary>
/// <remarks>
/// <para>It differs from <see cref="AveragePrecision"/> in two ways. Ties: equal scores are not one threshold but are ranked
/// one after the other, in the order of a shuffle by Python's <c>random</c> with seed 0, so the value depends on the samples'
/// order. Scores that a rule sets to 0 or 1 are such ties. Empty classes: a class that no sample has counts as 0 in the mean.</para>
/// <para>The challenge's samples come in the order of its label file. Another order gives another value where there are ties,
/// and the same where there are none.</para>
/// </remarks>
public static class ChallengeAveragePrecision
{
    /// <summary>Computes the average precision of one class.</summary>
    /// <param name="scores">One score per sample; higher means more likely. Only their order counts.</param>
    /// <param name="positives">Whether each sample has the class.</param>
    /// <returns>0 to 1; 0 when no sample has the class.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is no number.</exception>
    public static double Compute(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        MetricInput.Check(scores, positives);
        return Compute(scores, positives, new MersenneTwister(seed: 0).Permutation(scores.Length));
    }

    /// <summary>Computes every class's average precision.</summary>
    /// <param name="scores">One row per sample, in the order of the label file, one column per class.</param>
    /// <param name="labels">Per sample the indices of its classes.</param>
    /// <param name="classCount">How many classes.</param>
    /// <returns>The values per class; their mean over all classes is the challenge's mAP.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, a label is no class, or a score is no number.</exception>
    public static IReadOnlyList<double> PerClass(IReadOnlyList<IReadOnlyList<double>> scores, IReadOnlyList<IReadOnlyList<int>> labels, int classCount)
    {
        (double[][] columns, bool[][] positives) = MetricInput.ByClass(scores, labels, classCount);
        int[] shuffled = new MersenneTwister(seed: 0).Permutation(labels.Count);
        return [.. columns.Select((column, c) => Compute(column, positives[c], shuffled))];
    }

    private static double Compute(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives, int[] shuffled)
    {
        int total = positives.Count(true);
        if (total == 0)
            return 0;

        (double Score, int Rank)[] ranking = new (double, int)[shuffled.Length];
        for (int i = 0; i < ranking.Length; i++)
            ranking[i] = (scores[shuffled[i]], i);

        Array.Sort(ranking, (a, b) => a.Score == b.Score ? a.Rank.CompareTo(b.Rank) : b.Score.CompareTo(a.Score));
        double sum = 0;
        int found = 0;
        double recallOfOne = 1.0 / total;
        for (int i = 0; i < ranking.Length; i++)
        {
            if (positives[shuffled[ranking[i].Rank]])
                sum += ++found / (double)(i + 1) * recallOfOne;
        }

        return sum;
    }
}
