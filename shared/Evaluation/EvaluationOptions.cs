using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>What an evaluation may be asked to do differently.</summary>
/// <param name="Beta">How many times recall counts as much as precision where thresholds are chosen: 1 for F1, 2 for F2.</param>
/// <param name="NormalThreshold">The ZC rule's threshold while other choices are made; 0.9 in the papers.</param>
/// <param name="BinCount">Bins of a reliability curve.</param>
public sealed record EvaluationOptions(double Beta = 1, double NormalThreshold = 0.9, int BinCount = ReliabilityCurve.UsualBinCount);
