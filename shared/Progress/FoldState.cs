using CloudPipe.Runs;

namespace CloudPipe.Progress;

/// <summary>How far one fold of a training run is.</summary>
/// <param name="Architecture">The network.</param>
/// <param name="Fold">The fold, from 0.</param>
/// <param name="Stage"><c>waiting</c>, <c>training</c>, <c>trained</c> or <c>failed</c>.</param>
/// <param name="Last">The last epoch that was done; <see langword="null"/> before the first.</param>
public sealed record FoldState(string Architecture, int Fold, string Stage, FoldProgress? Last);
