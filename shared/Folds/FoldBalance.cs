namespace CloudPipe.Folds;

/// <summary>How evenly folds are made: the two measures of Sechidis et al. 2011, section 4.2; 0 is perfect.</summary>
public static class FoldBalance
{
    /// <summary>
    /// The label distribution (LD): the mean over labels and folds of |s / (n − s) − d / (N − d)|, with s of a fold's n samples
    /// and d of all N samples having the label.
    /// </summary>
    /// <param name="labels">Per sample the indices of its labels, from 0; labels that no sample has are left out of the mean.</param>
    /// <param name="folds">Per sample its fold.</param>
    /// <param name="foldCount">How many folds.</param>
    /// <returns>0 or more; 0 when there are no labels. A label that every sample has is even by nature and counts 0.</returns>
    public static double LabelDistribution(IReadOnlyList<IReadOnlyList<int>> labels, IReadOnlyList<int> folds, int foldCount)
    {
        var evidence = StratificationEvidence.Create(labels, order: 1);
        return LabelDistribution(evidence.CountByFold(folds, foldCount), labels.Count, Sizes(folds, foldCount));
    }

    /// <summary>The label distribution of counts.</summary>
    /// <param name="positives">Per label the samples of each fold that have it.</param>
    /// <param name="sampleCount">All samples.</param>
    /// <param name="sizes">The samples of each fold.</param>
    /// <returns>As above.</returns>
    internal static double LabelDistribution(int[][] positives, int sampleCount, int[] sizes) =>
        positives.Select(counts =>
        {
            int total = counts.Sum();
            return counts.Select((count, fold) => total == sampleCount ? 0 : Math.Abs(Odds(count, sizes[fold]) - Odds(total, sampleCount))).Average();
        }).DefaultIfEmpty(0).Average();

    /// <summary>The examples distribution (ED): the mean over folds of the distance from the size that was asked for.</summary>
    /// <param name="folds">Per sample its fold.</param>
    /// <param name="foldCount">How many folds.</param>
    /// <returns>Samples, 0 or more.</returns>
    public static double ExamplesDistribution(IReadOnlyList<int> folds, int foldCount) =>
        Sizes(folds, foldCount).Average(size => Math.Abs(size - (folds.Count / (double)foldCount)));

    /// <summary>Counts the samples of each fold.</summary>
    /// <param name="folds">Per sample its fold.</param>
    /// <param name="foldCount">How many folds.</param>
    /// <returns>One count per fold.</returns>
    internal static int[] Sizes(IReadOnlyList<int> folds, int foldCount)
    {
        int[] sizes = new int[foldCount];
        foreach (int fold in folds)
        {
            sizes[fold]++;
        }

        return sizes;
    }

    private static double Odds(int positives, int size) => positives / (double)Math.Max(size - positives, 1);
}
