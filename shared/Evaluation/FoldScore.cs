using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>How well one network does on its own fold.</summary>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="Samples">How many samples the fold has.</param>
/// <param name="Precision">Average precision per class, and its means; <see cref="AveragePrecisionReport.Macro"/> is the mAP.</param>
/// <param name="ChallengeMean">The mAP as the VideoPipe challenge computes it; see <see cref="ChallengeAveragePrecision"/>.</param>
public sealed record FoldScore(string Architecture, int Fold, int Samples, AveragePrecisionReport Precision, double ChallengeMean);
