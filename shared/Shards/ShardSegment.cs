namespace CloudPipe.Shards;

/// <summary>One segment of a shard as it is stored.</summary>
/// <param name="Manifest">Where the segment and its frames lie in the video.</param>
/// <param name="Tiles">One JPEG per tile, in order of time: the super-image is filled row by row.</param>
public sealed record ShardSegment(SegmentManifest Manifest, IReadOnlyList<ReadOnlyMemory<byte>> Tiles);
