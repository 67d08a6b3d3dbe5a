namespace CloudPipe.Storage;

/// <summary>What a store knows of a blob without reading it.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">Its size in bytes.</param>
/// <param name="ETag">Changes whenever the content changes; opaque.</param>
/// <param name="LastModified">When it was last written.</param>
public sealed record BlobProperties(BlobPath Path, long Length, string ETag, DateTimeOffset LastModified);
