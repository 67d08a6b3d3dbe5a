namespace CloudPipe.Metrics;

/// <summary>One point of a reliability curve: what was said, and what was so.</summary>
/// <param name="Lower">The bin's lower end; with bins of equal mass, its lowest probability.</param>
/// <param name="Upper">The bin's upper end; with bins of equal mass, its highest probability.</param>
/// <param name="Count">How many samples; 1 or more.</param>
/// <param name="MeanProbability">Their mean probability: what was said.</param>
/// <param name="PositiveShare">The share of them that have the class: what was so.</param>
public sealed record ReliabilityBin(double Lower, double Upper, int Count, double MeanProbability, double PositiveShare);
