using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>How well all architectures do together under one way of weighing them.</summary>
/// <param name="Weighting">The way.</param>
/// <param name="Weights">One per architecture, in the report's order; they sum to 1.</param>
/// <param name="Pooled">Average precision over all samples. Weights that were chosen on these very samples look better here than they are.</param>
/// <param name="ChallengeMean">The pooled mAP as the VideoPipe challenge computes it.</param>
/// <param name="FoldEstimates">Per fold the mAP on it, with weights that were chosen on the other folds.</param>
/// <param name="EvaluationSet">On the evaluation set; <see langword="null"/> without one.</param>
public sealed record EnsembleScore(
    EnsembleWeighting Weighting,
    IReadOnlyList<double> Weights,
    AveragePrecisionReport Pooled,
    double ChallengeMean,
    IReadOnlyList<double> FoldEstimates,
    AveragePrecisionReport? EvaluationSet)
{
    /// <summary>The mean of the folds' estimates: what to choose by.</summary>
    public double HonestEstimate => FoldEstimates.Average();

    /// <summary>Whether another way does better by more than chance: by more than the standard error of the folds' differences.</summary>
    /// <param name="other">The other way.</param>
    /// <returns>Whether it does.</returns>
    public bool IsBeatenBy(EnsembleScore other)
    {
        double[] differences = [.. other.FoldEstimates.Zip(FoldEstimates, (theirs, mine) => theirs - mine)];
        double mean = differences.Average();
        double variance = differences.Sum(value => (value - mean) * (value - mean)) / Math.Max(differences.Length - 1, 1);
        return mean > Math.Sqrt(variance / differences.Length);
    }
}
