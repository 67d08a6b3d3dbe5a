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
        if (scores.Length != positives.Length)
        {
            throw new ArgumentException($"There are {scores.Length} scores for {positives.Length} samples.", nameof(scores));
        }

        for (int i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
            {
                throw new ArgumentException($"The score of sample {i} is not a number.", nameof(scores));
            }
        }

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
        bool[] positives = Flatten(labels, classCount);
        double[] flatScores = Flatten(scores, labels.Count, classCount);
        var classes = new ClassAveragePrecision[classCount];
        double[] column = new double[labels.Count];
        bool[] hits = new bool[labels.Count];
        for (int c = 0; c < classCount; c++)
        {
            for (int i = 0; i < column.Length; i++)
            {
                column[i] = flatScores[(i * classCount) + c];
                hits[i] = positives[(i * classCount) + c];
            }

            classes[c] = new ClassAveragePrecision(c, hits.AsSpan().Count(true), Compute(column, hits));
        }

        // A class that no sample has would only add negatives to the pool: scikit-learn's users leave it out, and so does this.
        bool[] pooled = [.. Enumerable.Range(0, positives.Length).Select(i => classes[i % classCount].Positives > 0)];
        double micro = Compute(
            flatScores.Where((_, i) => pooled[i]).ToArray(),
            positives.Where((_, i) => pooled[i]).ToArray());
        return new AveragePrecisionReport(classes, micro);
    }

    private static double[] Flatten(IReadOnlyList<IReadOnlyList<double>> scores, int sampleCount, int classCount)
    {
        if (scores.Count != sampleCount)
        {
            throw new ArgumentException($"There are {scores.Count} rows of scores for {sampleCount} samples.", nameof(scores));
        }

        double[] flat = new double[sampleCount * classCount];
        for (int i = 0; i < sampleCount; i++)
        {
            if (scores[i].Count != classCount)
            {
                throw new ArgumentException($"Sample {i} has {scores[i].Count} scores for {classCount} classes.", nameof(scores));
            }

            for (int c = 0; c < classCount; c++)
            {
                flat[(i * classCount) + c] = scores[i][c];
            }
        }

        return flat;
    }

    private static bool[] Flatten(IReadOnlyList<IReadOnlyList<int>> labels, int classCount)
    {
        bool[] flat = new bool[labels.Count * classCount];
        for (int i = 0; i < labels.Count; i++)
        {
            foreach (int label in labels[i])
            {
                if (label < 0 || label >= classCount)
                {
                    throw new ArgumentException($"Sample {i} has the label {label}; there are {classCount} classes.", nameof(labels));
                }

                flat[(i * classCount) + label] = true;
            }
        }

        return flat;
    }
}
