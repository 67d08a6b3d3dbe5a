namespace CloudPipe.Metrics;

/// <summary>What every metric asks of its input.</summary>
internal static class MetricInput
{
    /// <summary>Checks one class's scores.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a score is no number.</exception>
    public static void Check(ReadOnlySpan<double> scores, ReadOnlySpan<bool> positives)
    {
        if (scores.Length != positives.Length)
            throw new ArgumentException($"There are {scores.Length} scores for {positives.Length} samples.", nameof(scores));

        for (int i = 0; i < scores.Length; i++)
        {
            if (double.IsNaN(scores[i]))
                throw new ArgumentException($"The score of sample {i} is not a number.", nameof(scores));
        }
    }

    /// <summary>Checks one class's probabilities.</summary>
    /// <exception cref="ArgumentException">The lengths differ, or a value is outside 0..1.</exception>
    public static void CheckProbabilities(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives)
    {
        Check(probabilities, positives);
        for (int i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] is < 0 or > 1)
                throw new ArgumentException($"The probability of sample {i} is {probabilities[i]}; it must be 0 to 1.", nameof(probabilities));
        }
    }

    /// <summary>Turns rows into one column per class.</summary>
    /// <param name="scores">One row per sample, one column per class.</param>
    /// <param name="labels">Per sample the indices of its classes.</param>
    /// <param name="classCount">How many classes.</param>
    /// <returns>Per class the scores of all samples, and whether each has the class.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit, a label is no class, or a score is no number.</exception>
    public static (double[][] Scores, bool[][] Positives) ByClass(
        IReadOnlyList<IReadOnlyList<double>> scores, IReadOnlyList<IReadOnlyList<int>> labels, int classCount)
    {
        if (scores.Count != labels.Count)
            throw new ArgumentException($"There are {scores.Count} rows of scores for {labels.Count} samples.", nameof(scores));

        double[][] columns = [.. Enumerable.Range(0, classCount).Select(_ => new double[labels.Count])];
        bool[][] positives = [.. Enumerable.Range(0, classCount).Select(_ => new bool[labels.Count])];
        for (int i = 0; i < labels.Count; i++)
        {
            if (scores[i].Count != classCount)
                throw new ArgumentException($"Sample {i} has {scores[i].Count} scores for {classCount} classes.", nameof(scores));

            for (int c = 0; c < classCount; c++)
                columns[c][i] = scores[i][c];

            foreach (int label in labels[i])
            {
                if (label < 0 || label >= classCount)
                    throw new ArgumentException($"Sample {i} has the label {label}; there are {classCount} classes.", nameof(labels));

                positives[label][i] = true;
            }
        }

        for (int c = 0; c < classCount; c++)
            Check(columns[c], positives[c]);

        return (columns, positives);
    }
}
