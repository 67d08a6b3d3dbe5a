namespace CloudPipe.Storage;

/// <summary>A span of a blob's bytes.</summary>
/// <param name="Offset">The first byte, 0 or more.</param>
/// <param name="Length">How many bytes at most; <see langword="null"/> reads to the end.</param>
public readonly record struct BlobRange(long Offset, long? Length = null);
