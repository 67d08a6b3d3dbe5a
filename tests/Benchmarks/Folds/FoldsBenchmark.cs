using System.Diagnostics;
using System.Globalization;
using CloudPipe.Folds;

namespace CloudPipe.Benchmarks.Folds;

/// <summary>Stratifies a million samples with 17 labels, which are as skewed and as often together as QV-Pipe's, into five folds.</summary>
internal static class FoldsBenchmark
{
    private const int Samples = 1_000_000;
    private const int FoldCount = 5;
    private static readonly TimeSpan _allowed = TimeSpan.FromSeconds(60);

    // Training clips per class in QV-Pipe, class 0 (normal) alone.
    private static readonly int[] _positives = [1690, 1502, 1128, 770, 646, 270, 492, 521, 374, 243, 340, 223, 164, 100, 98, 228, 133];
    private const int Clips = 6399;

    /// <summary>Runs it for labels and for pairs of labels.</summary>
    /// <param name="args">None.</param>
    /// <returns>0 when both take less than what is allowed, 1 when not.</returns>
    public static Task<int> RunAsync(string[] args)
    {
        var random = new Random(1);
        int[][] labels = [.. Enumerable.Range(0, Samples).Select(_ => Labels(random))];
        int exitCode = 0;
        foreach (int order in new[] { 1, 2 })
        {
            long start = Stopwatch.GetTimestamp();
            int[] folds = IterativeStratification.Assign(labels, FoldCount, order, seed: 1);
            TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
            double worst = Worst(labels, folds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"order {order}: {Samples:#,0} samples × {_positives.Length} labels in {elapsed.TotalSeconds:0.0} s (allowed {_allowed.TotalSeconds:0} s), {IterativeStratification.Restarts} restarts; label distribution {FoldBalance.LabelDistribution(labels, folds, FoldCount):0.0e+0}, furthest from its share {worst:P2}"));
            exitCode |= elapsed < _allowed ? 0 : 1;
        }

        return Task.FromResult(exitCode);
    }

    private static int[] Labels(Random random)
    {
        if (random.Next(Clips) < _positives[0])
            return [0];

        // The clips that are not normal share the other labels.
        return [.. Enumerable.Range(1, _positives.Length - 1).Where(c => random.Next(Clips - _positives[0]) < _positives[c])];
    }

    private static double Worst(int[][] labels, int[] folds)
    {
        double[,] counts = new double[_positives.Length, FoldCount];
        foreach ((int sample, int[] row) in labels.Index())
        {
            foreach (int label in row)
                counts[label, folds[sample]]++;
        }

        return Enumerable.Range(0, _positives.Length).Max(label =>
        {
            double share = Enumerable.Range(0, FoldCount).Average(fold => counts[label, fold]);
            return Enumerable.Range(0, FoldCount).Max(fold => Math.Abs(counts[label, fold] - share) / share);
        });
    }
}
