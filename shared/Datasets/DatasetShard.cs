namespace CloudPipe.Datasets;

/// <summary>A shard of a data set: what it holds, and what should be in it but could not be cut.</summary>
/// <param name="Index">Its place in the data set, from 0.</param>
/// <param name="Sha256">The tar's SHA-256 in hexadecimal; <see langword="null"/> when nothing could be cut and there is no tar.</param>
/// <param name="Bytes">The tar's length.</param>
/// <param name="Samples">Its samples, in order of their keys.</param>
/// <param name="Skipped">The samples that are missing.</param>
public sealed record DatasetShard(int Index, string? Sha256, long Bytes, IReadOnlyList<DatasetEntry> Samples, IReadOnlyList<SkippedSample> Skipped);
