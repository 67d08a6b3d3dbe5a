namespace CloudPipe.Datasets;

/// <summary>A sample that could not be cut.</summary>
/// <param name="Name">Its name in the data set.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record SkippedSample(string Name, string Reason);
