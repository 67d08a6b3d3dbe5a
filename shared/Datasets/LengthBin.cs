namespace CloudPipe.Datasets;

/// <summary>A bar of the histogram of lengths.</summary>
/// <param name="FromSeconds">The shortest length in it.</param>
/// <param name="ToSeconds">The first length behind it; <see langword="null"/> for the last bar, which has no end.</param>
/// <param name="Samples">How many samples are as long.</param>
public sealed record LengthBin(double FromSeconds, double? ToSeconds, int Samples);
