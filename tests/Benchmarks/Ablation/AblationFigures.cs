namespace CloudPipe.Benchmarks.Ablation;

/// <summary>What came out of a row.</summary>
/// <param name="Row">The row.</param>
/// <param name="Precisions">Mean average precision on the held-out clips, 0..1, by seed.</param>
internal sealed record AblationFigures(AblationRow Row, IReadOnlyList<double> Precisions);
