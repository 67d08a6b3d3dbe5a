using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>How well the recommended ensemble does on one class, out of fold.</summary>
/// <param name="Index">The class, as an index into the taxonomy.</param>
/// <param name="Positives">How many samples have it.</param>
/// <param name="AveragePrecision">Its average precision; means nothing without samples.</param>
/// <param name="Usual">The counts at a threshold of one half, without temperatures.</param>
/// <param name="Threshold">The threshold with the highest F score after its temperature, chosen on all samples: for a release.</param>
/// <param name="Chosen">The counts where every sample is judged by a threshold and a temperature that were chosen on the other folds.</param>
/// <param name="Temperature">Its temperature, fitted on all samples: for a release.</param>
/// <param name="CalibrationErrorBefore">Expected calibration error in bins of equal mass, before.</param>
/// <param name="CalibrationErrorAfter">The same after a temperature that was fitted on the other folds.</param>
/// <param name="MostConfusedWith">The class that is wrongly said most often where this one is missed; <see langword="null"/> where none is.</param>
public sealed record ClassScore(
    int Index,
    int Positives,
    double AveragePrecision,
    Confusion Usual,
    double Threshold,
    Confusion Chosen,
    double Temperature,
    double CalibrationErrorBefore,
    double CalibrationErrorAfter,
    int? MostConfusedWith);
