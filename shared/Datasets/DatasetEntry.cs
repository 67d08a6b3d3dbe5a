namespace CloudPipe.Datasets;

/// <summary>A sample that was cut.</summary>
/// <param name="Key">Its key in the shard, which is its place among the samples of the label file, from 0.</param>
/// <param name="Name">Its name in the data set.</param>
/// <param name="Labels">The indices of its classes, ascending.</param>
/// <param name="Tiles">How many tiles it has: 1 for an image.</param>
/// <param name="Seconds">How much of the video it covers; 0 for an image.</param>
public sealed record DatasetEntry(int Key, string Name, IReadOnlyList<int> Labels, int Tiles, double Seconds);
