using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>How well one architecture does out of fold.</summary>
/// <param name="Architecture">The architecture.</param>
/// <param name="MeanOverFolds">The mean of the folds' mAP.</param>
/// <param name="StandardDeviation">The standard deviation of the folds' mAP (n − 1); 0 for one fold.</param>
/// <param name="Pooled">Average precision over all samples, each scored by the network that did not train on it.</param>
/// <param name="ChallengeMean">The pooled mAP as the VideoPipe challenge computes it.</param>
/// <param name="Temperature">The one temperature of all its classes that gives the least log loss.</param>
/// <param name="Before">How far its probabilities can be taken at their word.</param>
/// <param name="After">The same after a temperature that was fitted on the other folds.</param>
/// <param name="EvaluationSet">The average of its folds on the evaluation set; <see langword="null"/> without one.</param>
public sealed record ModelScore(
    string Architecture,
    double MeanOverFolds,
    double StandardDeviation,
    AveragePrecisionReport Pooled,
    double ChallengeMean,
    double Temperature,
    CalibrationSummary Before,
    CalibrationSummary After,
    AveragePrecisionReport? EvaluationSet);
