namespace CloudPipe.Datasets;

/// <summary>How evenly the samples are divided into folds.</summary>
/// <param name="Sizes">How many samples each fold has.</param>
/// <param name="ClassCounts">Per class, in the taxonomy's order, how many samples of each fold have it.</param>
/// <param name="LabelDistribution">See <see cref="Folds.FoldBalance"/>; 0 is perfect.</param>
/// <param name="ExamplesDistribution">See <see cref="Folds.FoldBalance.ExamplesDistribution"/>; 0 is perfect.</param>
public sealed record FoldStatistics(IReadOnlyList<int> Sizes, IReadOnlyList<IReadOnlyList<int>> ClassCounts, double LabelDistribution, double ExamplesDistribution);
