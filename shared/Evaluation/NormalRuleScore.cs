namespace CloudPipe.Evaluation;

/// <summary>What the ZC rule does at one threshold: samples whose normal class is above it get 1 there and 0 elsewhere.</summary>
/// <param name="Threshold">The threshold.</param>
/// <param name="Ruled">To how many samples it applies.</param>
/// <param name="RuledRightly">How many of them are normal.</param>
/// <param name="MeanAveragePrecision">The pooled mAP after the rule. Equal scores are one threshold, so the order of what it made certain is lost.</param>
/// <param name="Gain">By how much that is more than without the rule.</param>
/// <param name="ChallengeMean">The pooled mAP after the rule as the VideoPipe challenge computes it.</param>
/// <param name="ChallengeGain">By how much that is more than without the rule.</param>
public sealed record NormalRuleScore(
    double Threshold, int Ruled, int RuledRightly, double MeanAveragePrecision, double Gain, double ChallengeMean, double ChallengeGain);
