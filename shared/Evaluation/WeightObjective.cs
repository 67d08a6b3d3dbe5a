using System.Numerics;
using System.Runtime.InteropServices;

namespace CloudPipe.Evaluation;

/// <summary>
/// The mean average precision of a weighted ensemble, as a function of the weights: what a search asks thousands of times.
/// The same number as <see cref="Metrics.AveragePrecisionReport.Macro"/> of the weighted rows.
/// </summary>
internal sealed class WeightObjective
{
    // [class][model][sample], samples of the class and others apart; classes without samples are left out.
    private readonly List<(double[][] Positives, double[][] Negatives)> _classes = [];
    private readonly double[] _positives;
    private readonly double[] _negatives;
    private readonly int[] _between;

    /// <summary>Lays the probabilities out for the search.</summary>
    /// <param name="probabilities">[model][sample][class]</param>
    /// <param name="labels">Per sample the indices of its classes.</param>
    /// <param name="samples">The samples that count.</param>
    /// <param name="classCount">How many classes.</param>
    public WeightObjective(double[][][] probabilities, IReadOnlyList<IReadOnlyList<int>> labels, int[] samples, int classCount)
    {
        for (int c = 0; c < classCount; c++)
        {
            int[] with = [.. samples.Where(sample => labels[sample].Contains(c))];
            int[] without = [.. samples.Where(sample => !labels[sample].Contains(c))];
            if (with.Length > 0)
                _classes.Add((Columns(with, c), Columns(without, c)));
        }

        _positives = new double[samples.Length];
        _negatives = new double[samples.Length];
        _between = new int[samples.Length + 1];

        double[][] Columns(int[] rows, int c) => [.. probabilities.Select(model => rows.Select(row => model[row][c]).ToArray())];
    }

    /// <summary>Evaluates weights.</summary>
    /// <param name="weights">One per model, in any proportion.</param>
    /// <returns>The mAP over the classes that a sample has; 0 when there is none.</returns>
    public double Evaluate(ReadOnlySpan<double> weights)
    {
        double sum = 0;
        foreach ((double[][] positives, double[][] negatives) in _classes)
            sum += AveragePrecision(Weighted(positives, weights, _positives), Weighted(negatives, weights, _negatives));

        return _classes.Count == 0 ? 0 : sum / _classes.Count;
    }

    // Recall grows at the samples of the class alone: they are sorted, and the others only counted between them.
    private double AveragePrecision(Span<double> positives, ReadOnlySpan<double> negatives)
    {
        positives.Sort();
        Span<int> between = _between.AsSpan(0, positives.Length + 1);
        between.Clear();
        foreach (double score in negatives)
            between[CountAtMost(positives, score)]++;

        double sum = 0;
        int falsePositives = 0;
        for (int i = positives.Length - 1; i >= 0;)
        {
            int before = positives.Length - 1 - i;
            double threshold = positives[i];
            for (; i >= 0 && positives[i] == threshold; i--)
                falsePositives += between[i + 1];

            int found = positives.Length - 1 - i;
            sum += (found - before) / (double)positives.Length * (found / (double)(found + falsePositives));
        }

        return sum;
    }

    private static int CountAtMost(ReadOnlySpan<double> ascending, double score)
    {
        int low = 0, high = ascending.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (ascending[middle] <= score)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    // Products and sums one by one, not fused: the same bits at every vector width.
    private static Span<double> Weighted(double[][] columns, ReadOnlySpan<double> weights, double[] buffer)
    {
        Span<double> sums = buffer.AsSpan(0, columns[0].Length);
        sums.Clear();
        for (int model = 0; model < columns.Length; model++)
        {
            if (weights[model] == 0)
                continue;

            Span<Vector<double>> wideSums = MemoryMarshal.Cast<double, Vector<double>>(sums);
            ReadOnlySpan<Vector<double>> wideColumn = MemoryMarshal.Cast<double, Vector<double>>(columns[model].AsSpan());
            for (int i = 0; i < wideSums.Length; i++)
                wideSums[i] += wideColumn[i] * weights[model];

            for (int i = wideSums.Length * Vector<double>.Count; i < sums.Length; i++)
                sums[i] += columns[model][i] * weights[model];
        }

        return sums;
    }
}
