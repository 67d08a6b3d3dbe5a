namespace CloudPipe.Shards;

/// <summary>What a segment of a data set's shard was cut from.</summary>
/// <param name="Name">The sample's name in the data set.</param>
/// <param name="File">The file, below the folder that the data set was imported from.</param>
/// <param name="Labels">The indices of its classes in the data set's taxonomy, ascending.</param>
public sealed record LabelledSource(string Name, string File, IReadOnlyList<int> Labels);
