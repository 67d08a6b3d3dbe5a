using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>How well all architectures do together under one way of weighing them.</summary>
/// <param name="Weighting">The way.</param>
/// <param name="Weights">One per architecture, in the report's order; they sum to 1.</param>
/// <param name="Pooled">Average precision over all samples. Weights that were chosen on these very samples look better here than they are.</param>
/// <param name="ChallengeMean">The pooled mAP as the VideoPipe challenge computes it.</param>
/// <param name="HonestEstimate">The mean over folds of the mAP on the fold, with weights that were chosen on the other folds.</param>
/// <param name="EvaluationSet">On the evaluation set; <see langword="null"/> without one.</param>
public sealed record EnsembleScore(
    EnsembleWeighting Weighting,
    IReadOnlyList<double> Weights,
    AveragePrecisionReport Pooled,
    double ChallengeMean,
    double HonestEstimate,
    AveragePrecisionReport? EvaluationSet);
