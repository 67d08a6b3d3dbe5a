using System.Text;
using CloudPipe.Storage;

namespace CloudPipe.Queues;

/// <summary>
/// Bodies too large for a transport, kept as blobs in the container <c>claims</c> while a short claim travels in their
/// place. A process that dies between a blob and its message leaves a blob that nobody asks for: a life-cycle rule of the
/// container removes those, after the longest time that a message may wait.
/// </summary>
/// <param name="store">Where the bodies are kept.</param>
public sealed class ClaimCheck(IBlobStore store)
{
    /// <summary>Keeps a body.</summary>
    /// <param name="queue">The queue that the message goes to.</param>
    /// <param name="body">The body.</param>
    /// <param name="cancellationToken">Stops the write.</param>
    /// <returns>The claim. Every send has its own: the first of two equal messages must not take the body of the second.</returns>
    public async Task<string> KeepAsync(string queue, string body, CancellationToken cancellationToken = default)
    {
        string claim = $"{queue}/{Guid.NewGuid():N}";
        await store.WriteBytesAsync(PathOf(claim), Encoding.UTF8.GetBytes(body), cancellationToken: cancellationToken).ConfigureAwait(false);
        return claim;
    }

    /// <summary>Reads a body.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The body, or <see langword="null"/> when it is gone.</returns>
    public async Task<string?> ReadAsync(string claim, CancellationToken cancellationToken = default) =>
        await store.ReadBytesAsync(PathOf(claim), cancellationToken).ConfigureAwait(false) is { } bytes ? Encoding.UTF8.GetString(bytes) : null;

    /// <summary>Gives a body up: its message is done.</summary>
    /// <param name="claim">The claim, or <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task DropAsync(string? claim, CancellationToken cancellationToken = default)
    {
        if (claim is not null)
        {
            await store.DeleteAsync(PathOf(claim), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Why a message whose body is gone is set aside.</summary>
    internal static string MissingReason(string claim) => $"Its body, the blob {PathOf(claim)}, is gone. Send the message again.";

    private static BlobPath PathOf(string claim) => new(BlobContainers.Claims, claim);
}
