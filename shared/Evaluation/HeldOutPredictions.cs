namespace CloudPipe.Evaluation;

/// <summary>What one network said of the samples of the fold that it did not train on.</summary>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="Samples">The fold's samples, as indices into the run's.</param>
/// <param name="Probabilities">One row per sample of the fold, one column per class, 0..1.</param>
public sealed record HeldOutPredictions(
    string Architecture,
    int Fold,
    IReadOnlyList<int> Samples,
    IReadOnlyList<IReadOnlyList<double>> Probabilities);
