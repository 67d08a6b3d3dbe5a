namespace CloudPipe.Datasets;

/// <summary>Says that a shard is done, <c>datasets/&lt;name&gt;/&lt;shard&gt;.json</c>: an import that was stopped goes on behind it.</summary>
/// <param name="Plan">The import that it belongs to; see <see cref="Dataset.Plan"/>.</param>
/// <param name="Shard">The shard.</param>
internal sealed record ImportedShard(string Plan, DatasetShard Shard);
