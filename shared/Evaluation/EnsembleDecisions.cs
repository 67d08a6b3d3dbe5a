using CloudPipe.Ensembling;
using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>
/// An ensemble's temperatures and thresholds, and what it decides by them: probability, temperature, ZC rule, threshold, as
/// <see cref="EnsembleReducer"/> goes about it.
/// </summary>
/// <param name="PostProcessing">Temperatures and thresholds that were chosen on all samples.</param>
/// <param name="Calibrated">Per sample its probabilities after temperatures that were fitted on the other folds.</param>
/// <param name="Calibration">How far they can be taken at their word.</param>
/// <param name="Usual">Counts at one half, without temperatures.</param>
/// <param name="Chosen">Counts with temperatures and thresholds that were chosen on the other folds.</param>
/// <param name="CoErrors">Co-errors of the same decisions.</param>
internal sealed record EnsembleDecisions(
    PostProcessing PostProcessing,
    double[][] Calibrated,
    CalibrationReport Calibration,
    ConfusionReport Usual,
    ConfusionReport Chosen,
    CoErrors CoErrors)
{
    /// <summary>Chooses and decides.</summary>
    /// <param name="run">The run.</param>
    /// <param name="table">Its folds.</param>
    /// <param name="scores">The ensemble's probabilities, one row per sample.</param>
    /// <param name="options">The ZC rule's threshold, and what thresholds are chosen by.</param>
    /// <returns>The decisions.</returns>
    public static EnsembleDecisions Create(RunPredictions run, OutOfFoldTable table, double[][] scores, EvaluationOptions options)
    {
        double[][] calibrated = new double[scores.Length][];
        double[][] decided = new double[scores.Length][];
        int[][] said = new int[scores.Length][];
        for (int fold = 0; fold < table.SamplesOfFold.Length; fold++)
        {
            PostProcessing chosen = Choose(run, scores, table.SamplesOfOthers[fold], options);
            foreach (int sample in table.SamplesOfFold[fold])
            {
                calibrated[sample] = Calibrate(scores[sample], chosen);
                decided[sample] = Rule(calibrated[sample], chosen, run.Taxonomy.NormalIndex);
                said[sample] = [.. Enumerable.Range(0, run.Taxonomy.Count).Where(c => decided[sample][c] >= chosen.ThresholdOf(c))];
            }
        }

        var usual = new PostProcessing(NormalThreshold: options.NormalThreshold, DefectThreshold: DecisionThreshold.Usual);
        int[][] usuallySaid = [.. scores.Select(row => Rule(row, usual, run.Taxonomy.NormalIndex)
            .Index().Where(entry => entry.Item >= usual.DefectThreshold).Select(entry => entry.Index).ToArray())];
        return new EnsembleDecisions(
            Choose(run, scores, [.. Enumerable.Range(0, scores.Length)], options),
            calibrated,
            Report(run, scores, calibrated, options.BinCount),
            Count(run, usuallySaid),
            Count(run, said),
            CoErrors.Compute(run.Labels, said, run.Taxonomy.Count));
    }

    private static PostProcessing Choose(RunPredictions run, double[][] scores, int[] samples, EvaluationOptions options)
    {
        IReadOnlyList<int>[] labels = [.. samples.Select(sample => run.Labels[sample])];
        (double[][] columns, bool[][] positives) = MetricInput.ByClass([.. samples.Select(sample => scores[sample])], labels, run.Taxonomy.Count);
        var temperatures = new PostProcessing(
            NormalThreshold: options.NormalThreshold, Temperatures: [.. columns.Select((column, c) => TemperatureScaling.Fit(column, positives[c]))]);
        double[][] decided = [.. samples.Select(sample => Rule(Calibrate(scores[sample], temperatures), temperatures, run.Taxonomy.NormalIndex))];
        return temperatures with
        {
            DefectThresholds = [.. positives.Select((hits, c) => DecisionThreshold.Best([.. decided.Select(row => row[c])], hits, options.Beta))],
        };
    }

    private static double[] Calibrate(double[] row, PostProcessing postProcessing) => [.. row.Select((value, c) => postProcessing.Calibrate(c, value))];

    private static double[] Rule(double[] row, PostProcessing postProcessing, int? normalIndex)
    {
        double[] changed = [.. row];
        postProcessing.ApplyNormalRule(changed, normalIndex);
        return changed;
    }

    private static CalibrationReport Report(RunPredictions run, double[][] before, double[][] after, int binCount)
    {
        bool[] hits = [.. run.Labels.SelectMany(labels => Enumerable.Range(0, run.Taxonomy.Count).Select(labels.Contains))];
        double[] pairsBefore = [.. before.SelectMany(row => row)];
        double[] pairsAfter = [.. after.SelectMany(row => row)];
        return new CalibrationReport(
            CalibrationSummary.Compute(pairsBefore, hits, binCount),
            CalibrationSummary.Compute(pairsAfter, hits, binCount),
            ReliabilityCurve.Compute(pairsBefore, hits, binCount, ReliabilityBinning.EqualWidth),
            ReliabilityCurve.Compute(pairsAfter, hits, binCount, ReliabilityBinning.EqualWidth));
    }

    private static ConfusionReport Count(RunPredictions run, int[][] said) =>
        new([.. Enumerable.Range(0, run.Taxonomy.Count).Select(c => Confusion.Compute(
            said.Select(classes => classes.Contains(c) ? 1.0 : 0).ToArray(),
            run.Labels.Select(labels => labels.Contains(c)).ToArray(),
            threshold: 1))]);
}
