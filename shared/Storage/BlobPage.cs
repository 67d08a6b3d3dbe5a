namespace CloudPipe.Storage;

/// <summary>One page of a listing, in ordinal order of the names.</summary>
/// <param name="Blobs">The blobs of this page; may be empty although more follow.</param>
/// <param name="ContinuationToken">What to pass to get the next page; <see langword="null"/> after the last.</param>
public sealed record BlobPage(IReadOnlyList<BlobProperties> Blobs, string? ContinuationToken);
