using CloudPipe.Metrics;

namespace CloudPipe.GpuWorker.Training;

/// <summary>All folds of one architecture.</summary>
/// <param name="Architecture">By its catalog name.</param>
/// <param name="Folds">In order.</param>
/// <param name="OutOfFold">How each clip was scored by the one network that had not seen it: one row a clip, one column a class.</param>
/// <param name="Precision">Of the out-of-fold probabilities.</param>
public sealed record CrossValidationResult(
    string Architecture,
    IReadOnlyList<FoldResult> Folds,
    IReadOnlyList<IReadOnlyList<double>> OutOfFold,
    AveragePrecisionReport Precision);
