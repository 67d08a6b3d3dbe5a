using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>An upload as it was found: what the store knows of it and how it begins, from one call.</summary>
/// <param name="Properties">What the store knows.</param>
/// <param name="Bytes">The first bytes, zeros where the upload is shorter: enough to tell an MP4 and an AVI.</param>
public sealed record UploadHead(BlobProperties Properties, ReadOnlyMemory<byte> Bytes)
{
    private const int Length = 12;

    /// <summary>Looks an upload up.</summary>
    /// <param name="store">Where it is.</param>
    /// <param name="path">The upload.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its head, or <see langword="null"/> when it is not there.</returns>
    public static async Task<UploadHead?> ReadAsync(IBlobStore store, BlobPath path, CancellationToken cancellationToken = default)
    {
        await using BlobContent? content = await store.OpenReadAsync(path, new BlobRange(0, Length), cancellationToken).ConfigureAwait(false);
        if (content is null)
        {
            return null;
        }

        byte[] bytes = new byte[Length];
        await content.Stream.ReadAtLeastAsync(bytes, Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return new UploadHead(content.Properties, bytes);
    }
}
