namespace CloudPipe.Runs;

/// <summary>One fold of one network in a run's result.</summary>
/// <param name="Architecture">The network.</param>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="Failure">Why it was given up; <see langword="null"/> when it was trained.</param>
/// <param name="KeptEpoch">The epoch whose weights were kept, from 1.</param>
/// <param name="MeanAveragePrecision">On the samples that it did not see, 0..1.</param>
/// <param name="Weights">Its weights' blob name in the releases container.</param>
public sealed record RunFold(string Architecture, int Fold, string? Failure, int? KeptEpoch, double? MeanAveragePrecision, string? Weights);
