namespace CloudPipe.Evaluation;

/// <summary>What one network said of the evaluation set.</summary>
/// <param name="Architecture">Its architecture.</param>
/// <param name="Fold">The fold that it did not train on, from 0.</param>
/// <param name="Probabilities">One row per sample, one column per class, 0..1.</param>
public sealed record EvaluationPredictions(string Architecture, int Fold, IReadOnlyList<IReadOnlyList<double>> Probabilities);
