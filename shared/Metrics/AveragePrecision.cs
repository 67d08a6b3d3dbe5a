namespace CloudPipe.Metrics;

/// <summary>
/// Average precision without interpolation: the sum over the distinct scores, from the highest, of the gain in recall times
/// the precision there. Equal scores form one threshold, so the order of ties decides nothing. The same definition as
/// scikit-learn's <c>average_precision_score</c>.
/// </summary>
public static class AveragePrecision
{
    /// <summary>Computes the average precision of one class.</summary>
    /// <param name="scores">One score per sample; higher means more likely. Only their order counts.</param>
    /// <param name="positives">Whether each sample has the class.</param>
    /// <returns>0 to 1; 0 when no sample has the class, as in scikit-learn: leave such a class out of an average.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is no number.</exception>
    public static double Compute(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        MetricInput.Check(scores, positives);
        int total = positives.Count(true);
        if (total == 0)
        {
            return 0;
        }

        double[] ordered = scores.ToArray();
        bool[] hits = positives.ToArray();
        Array.Sort(ordered, hits);

        double sum = 0;
        int truePositives = 0;
        for (int i = ordered.Length - 1; i >= 0;)
        {
            int before = truePositives;
            double threshold = ordered[i];
            for (; i >= 0 && ordered[i] == threshold; i--)
            {
                truePositives += hits[i] ? 1 : 0;
            }

            double precision = truePositives / (double)(ordered.Length - 1 - i);
            sum += (truePositives - before) / (double)total * precision;
        }

        return sum;
    }

    /// <summary>Computes the average precision of every class and the usual means over classes.</summary>
    /// <param name="scores">One row per sample, one column per class.</param>
    /// <param name="labels">Per sample the indices of its classes.</param>
    /// <param name="classCount">How many classes.</param>
    /// <returns>The report.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, a label is no class, or a score is no number.</exception>
    public static AveragePrecisionReport Report(IReadOnlyList<IReadOnlyList<double>> scores, IReadOnlyList<IReadOnlyList<int>> labels, int classCount)
    {
        (double[][] columns, bool[][] positives) = MetricInput.ByClass(scores, labels, classCount);
        ClassAveragePrecision[] classes =
            [.. columns.Select((column, c) => new ClassAveragePrecision(c, positives[c].AsSpan().Count(true), Compute(column, positives[c])))];

        // A class that no sample has would only add negatives to the pool: scikit-learn's users leave it out, and so does this.
        double micro = Compute(
            columns.Where((_, c) => classes[c].Positives > 0).SelectMany(column => column).ToArray(),
            positives.Where((_, c) => classes[c].Positives > 0).SelectMany(column => column).ToArray());
        return new AveragePrecisionReport(classes, micro);
    }
}
