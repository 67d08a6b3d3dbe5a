namespace CloudPipe.Storage;

/// <summary>
/// Where every file of CloudPipe lives: a folder on a workstation, Azure Blob Storage elsewhere. One contract suite
/// holds every adapter to the behaviour described here. A container or blob name that a store's service cannot hold is refused
/// with an <see cref="ArgumentException"/>.
/// </summary>
public interface IBlobStore
{
    /// <summary>Creates the containers that are not there yet.</summary>
    /// <param name="containers">Their names; see <see cref="BlobContainers"/>.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    Task CreateContainersAsync(IEnumerable<string> containers, CancellationToken cancellationToken = default);

    /// <summary>Looks a blob up.</summary>
    /// <param name="path">The blob.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its properties, or <see langword="null"/> when there is no such blob.</returns>
    Task<BlobProperties?> FindAsync(BlobPath path, CancellationToken cancellationToken = default);

    /// <summary>Opens a blob for reading, whole or in part. The stream need not seek; the caller disposes it.</summary>
    /// <param name="path">The blob.</param>
    /// <param name="range">The bytes wanted; <see langword="null"/> for all.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>
    /// The bytes (none when the range starts behind the end) with the properties of the whole blob that they belong to, or
    /// <see langword="null"/> when there is no such blob.
    /// </returns>
    Task<BlobContent?> OpenReadAsync(BlobPath path, BlobRange? range = null, CancellationToken cancellationToken = default);

    /// <summary>Writes a blob whole: readers see the old content or the new, never a part.</summary>
    /// <param name="path">The blob.</param>
    /// <param name="content">The new content, read to its end.</param>
    /// <param name="condition">What must hold for the write to go through.</param>
    /// <param name="cancellationToken">Stops the write; nothing is visible then.</param>
    /// <returns>The new ETag, or <see langword="null"/> when the condition did not hold and nothing was written.</returns>
    Task<string?> WriteAsync(BlobPath path, Stream content, WriteCondition condition = default, CancellationToken cancellationToken = default);

    /// <summary>Deletes a blob.</summary>
    /// <param name="path">The blob.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Whether it was there.</returns>
    Task<bool> DeleteAsync(BlobPath path, CancellationToken cancellationToken = default);

    /// <summary>Lists a container page by page.</summary>
    /// <param name="container">The container.</param>
    /// <param name="prefix">What every name must start with, or <see langword="null"/>.</param>
    /// <param name="continuationToken">From the page before, or <see langword="null"/> for the first.</param>
    /// <param name="pageSize">At most this many blobs a page, 1 to 5,000.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>One page.</returns>
    /// <exception cref="ArgumentException">The store knows that the continuation token is none of its own.</exception>
    Task<BlobPage> ListAsync(string container, string? prefix = null, string? continuationToken = null, int pageSize = 1000, CancellationToken cancellationToken = default);

    /// <summary>
    /// An address that a program beside this process (ffmpeg) can read the blob from by ranges: a <c>file:</c> URI of
    /// the blob itself (pass its <see cref="Uri.LocalPath"/> on: ffmpeg does not undo the escapes), or an https URI that
    /// carries a read-only signature.
    /// </summary>
    /// <param name="path">The blob.</param>
    /// <param name="lifetime">How long the address must work.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The address; never log it, it may carry a signature.</returns>
    Task<Uri> GetReadUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default);

    /// <summary>
    /// An address to which a program without any other access can <c>PUT</c> a new blob's bytes, once: it creates and never
    /// replaces. It is an absolute https URI that carries a create-only signature, or, for a store that has no HTTP of its
    /// own, a reference with an absolute path (<c>/api/uploads/…</c>) that the process which serves the HTTP API takes.
    /// </summary>
    /// <param name="path">The blob, which should not be there yet.</param>
    /// <param name="lifetime">How long the address must work; an upload that has begun may end later.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The address; never log it, it carries a signature.</returns>
    Task<Uri> GetWriteUriAsync(BlobPath path, TimeSpan lifetime, CancellationToken cancellationToken = default);
}
