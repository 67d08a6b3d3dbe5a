using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>How far probabilities can be taken at their word, over all (sample, class) pairs.</summary>
/// <param name="EqualWidthError">Expected calibration error in bins of equal width.</param>
/// <param name="EqualMassError">Expected calibration error in bins of equal mass.</param>
/// <param name="Brier">The Brier score.</param>
/// <param name="LogLoss">The log loss, in nats.</param>
public sealed record CalibrationSummary(double EqualWidthError, double EqualMassError, double Brier, double LogLoss)
{
    /// <summary>Computes it.</summary>
    /// <param name="probabilities">One per pair, 0..1.</param>
    /// <param name="positives">Whether the sample has the class.</param>
    /// <param name="binCount">Bins of a reliability curve.</param>
    /// <returns>The summary.</returns>
    public static CalibrationSummary Compute(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positives, int binCount) => new(
        ReliabilityCurve.Compute(probabilities, positives, binCount, ReliabilityBinning.EqualWidth).ExpectedError,
        ReliabilityCurve.Compute(probabilities, positives, binCount, ReliabilityBinning.EqualMass).ExpectedError,
        BrierScore.Compute(probabilities, positives),
        Metrics.LogLoss.Compute(probabilities, positives));
}
