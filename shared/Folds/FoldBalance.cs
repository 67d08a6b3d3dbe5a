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
        int labelCount = labels.Select(sample => sample.Count == 0 ? 0 : sample.Max() + 1).DefaultIfEmpty(0).Max();
        int[] sizes = Sizes(folds, foldCount);
        int[][] positives = [.. Enumerable.Range(0, labelCount).Select(_ => new int[foldCount])];
        for (int sample = 0; sample < labels.Count; sample++)
        {
            foreach (int label in labels[sample].Distinct())
            {
                positives[label][folds[sample]]++;
            }
        }

        double[] distances = [.. positives.Where(counts => counts.Sum() > 0).Select(counts => counts.Select((count, fold) =>
            counts.Sum() == labels.Count ? 0 : Math.Abs(Odds(count, sizes[fold]) - Odds(counts.Sum(), labels.Count))).Average())];
        return distances.DefaultIfEmpty(0).Average();
    }

    /// <summary>The examples distribution (ED): the mean over folds of the distance from the size that was asked for.</summary>
    /// <param name="folds">Per sample its fold.</param>
    /// <param name="foldCount">How many folds.</param>
    /// <returns>Samples, 0 or more.</returns>
    public static double ExamplesDistribution(IReadOnlyList<int> folds, int foldCount) =>
        Sizes(folds, foldCount).Average(size => Math.Abs(size - (folds.Count / (double)foldCount)));

    private static int[] Sizes(IReadOnlyList<int> folds, int foldCount)
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
