using CloudPipe.Folds;

namespace CloudPipe.Datasets;

/// <summary>What there is to know of a data set before training on it.</summary>
/// <param name="Name">The data set.</param>
/// <param name="Format">How its labels were written.</param>
/// <param name="Taxonomy">The taxonomy's name.</param>
/// <param name="Cut">How it was cut.</param>
/// <param name="Samples">How many samples.</param>
/// <param name="Images">How many of them are images.</param>
/// <param name="Bytes">How large the shards are.</param>
/// <param name="Seconds">How long all samples are together.</param>
/// <param name="MedianSeconds">The median length of the samples that are no images; 0 when all are.</param>
/// <param name="Classes">How often each class occurs, in the taxonomy's order.</param>
/// <param name="CoOccurrence">How many samples have both classes, <c>[classes, classes]</c>; on the diagonal, how many have the class.</param>
/// <param name="LabelsPerSample">How many samples have 0, 1, 2 … classes.</param>
/// <param name="Lengths">The histogram of lengths; empty when all samples are images.</param>
/// <param name="Folds">The folds' balance; <see langword="null"/> when none were given.</param>
/// <param name="Skipped">The samples that could not be cut.</param>
public sealed record DatasetStatistics(
    string Name,
    DatasetFormat Format,
    string Taxonomy,
    DatasetCut Cut,
    int Samples,
    int Images,
    long Bytes,
    double Seconds,
    double MedianSeconds,
    IReadOnlyList<ClassStatistics> Classes,
    IReadOnlyList<IReadOnlyList<int>> CoOccurrence,
    IReadOnlyList<int> LabelsPerSample,
    IReadOnlyList<LengthBin> Lengths,
    FoldStatistics? Folds,
    IReadOnlyList<SkippedSample> Skipped)
{
    // As many bars as a page shows side by side.
    private const int MostBins = 24;

    // The few longest share the last bar: a histogram up to the longest shows nothing of the others.
    private const double BinnedShare = 0.99;

    private static readonly double[] _binSeconds = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600];

    /// <summary>Counts.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="folds">Each sample's fold, from 0, in order of the samples; <see langword="null"/> for none.</param>
    /// <returns>The statistics.</returns>
    public static DatasetStatistics Of(Dataset dataset, IReadOnlyList<int>? folds = null)
    {
        DatasetEntry[] samples = [.. dataset.Samples];
        int classCount = dataset.Taxonomy.Count;
        int[][] together = [.. Enumerable.Range(0, classCount).Select(_ => new int[classCount])];
        int[] labelsPerSample = new int[samples.Select(sample => sample.Labels.Count).DefaultIfEmpty(0).Max() + 1];
        foreach (DatasetEntry sample in samples)
        {
            labelsPerSample[sample.Labels.Count]++;
            foreach (int first in sample.Labels)
            {
                foreach (int second in sample.Labels)
                {
                    together[first][second]++;
                }
            }
        }

        double[] lengths = [.. samples.Where(sample => sample.Seconds > 0).Select(sample => sample.Seconds).Order()];
        return new DatasetStatistics(
            dataset.Name,
            dataset.Format,
            dataset.Taxonomy.Name,
            dataset.Cut,
            samples.Length,
            samples.Length - lengths.Length,
            dataset.Shards.Sum(shard => shard.Bytes),
            lengths.Sum(),
            lengths.Length == 0 ? 0 : lengths[lengths.Length / 2],
            [.. dataset.Taxonomy.Classes.Select((entry, index) => new ClassStatistics(index, entry.Code, entry.Name, entry.Kind, together[index][index], together[index][index] / (double)Math.Max(samples.Length, 1)))],
            together,
            labelsPerSample,
            Bins(lengths),
            folds is null ? null : Balance(samples, folds, classCount),
            [.. dataset.Skipped]);
    }

    private static LengthBin[] Bins(double[] ascending)
    {
        if (ascending.Length == 0)
        {
            return [];
        }

        double binned = ascending[(int)((ascending.Length - 1) * BinnedShare)];
        double step = _binSeconds.FirstOrDefault(candidate => binned / candidate < MostBins, Math.Ceiling(binned / MostBins));
        int count = (int)(binned / step) + 1;
        int[] samples = new int[count + 1];
        foreach (double length in ascending)
        {
            samples[(int)Math.Min(length / step, count)]++;
        }

        int bins = samples[count] > 0 ? count + 1 : count;
        return [.. Enumerable.Range(0, bins).Select(bin => new LengthBin(bin * step, bin == count ? null : (bin + 1) * step, samples[bin]))];
    }

    private static FoldStatistics Balance(DatasetEntry[] samples, IReadOnlyList<int> folds, int classCount)
    {
        int foldCount = folds.Max() + 1;
        int[] sizes = new int[foldCount];
        int[][] counts = [.. Enumerable.Range(0, classCount).Select(_ => new int[foldCount])];
        for (int sample = 0; sample < samples.Length; sample++)
        {
            sizes[folds[sample]]++;
            foreach (int label in samples[sample].Labels)
            {
                counts[label][folds[sample]]++;
            }
        }

        IReadOnlyList<int>[] labels = [.. samples.Select(sample => sample.Labels)];
        return new FoldStatistics(sizes, counts, FoldBalance.LabelDistribution(labels, folds, foldCount), FoldBalance.ExamplesDistribution(folds, foldCount));
    }
}
