using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>
/// The ensemble's calibration, before and after one temperature per class. Every sample is scaled by temperatures that were
/// fitted on the other folds.
/// </summary>
/// <param name="Before">Summary before.</param>
/// <param name="After">Summary after.</param>
/// <param name="CurveBefore">The reliability curve before, in bins of equal width.</param>
/// <param name="CurveAfter">The reliability curve after, in bins of equal width.</param>
public sealed record CalibrationReport(CalibrationSummary Before, CalibrationSummary After, ReliabilityCurve CurveBefore, ReliabilityCurve CurveAfter);
