namespace CloudPipe.Metrics;

/// <summary>One class's average precision.</summary>
/// <param name="ClassIndex">The class, as an index into the taxonomy.</param>
/// <param name="Positives">How many samples have it; with none, the value means nothing.</param>
/// <param name="Value">0 to 1.</param>
public sealed record ClassAveragePrecision(int ClassIndex, int Positives, double Value);
