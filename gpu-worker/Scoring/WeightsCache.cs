using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using CloudPipe.Inspections;
using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>Weights as local files: a store's blob is copied once per content, then memory-mapped from there.</summary>
/// <param name="store">Holds the releases container.</param>
/// <param name="folder">Where the copies live; created when missing. Several workers may share it.</param>
public sealed class WeightsCache(IBlobStore store, string folder)
{
    // Of releases, which do not change: who has found their weights once need not ask again.
    private readonly ConcurrentDictionary<string, string> _ofReleases = new(StringComparer.Ordinal);

    /// <summary>The local copy of a weights blob.</summary>
    /// <param name="weights">The blob's name in the releases container.</param>
    /// <param name="cancellationToken">Stops the copy.</param>
    /// <returns>A file's path.</returns>
    /// <exception cref="InspectionRejectedException">The blob is not there.</exception>
    public async Task<string> GetAsync(string weights, CancellationToken cancellationToken)
    {
        if (_ofReleases.TryGetValue(weights, out string? known) && File.Exists(known))
        {
            return known;
        }

        var path = new BlobPath(BlobContainers.Releases, weights);
        return _ofReleases[weights] = await FindAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new InspectionRejectedException(ReasonCode.InvalidRelease, $"The release names the weights '{path}', which are not there. Upload them, or choose another release.");
    }

    /// <summary>The local copy of a blob.</summary>
    /// <param name="path">The blob.</param>
    /// <param name="cancellationToken">Stops the copy.</param>
    /// <returns>A file's path, or <see langword="null"/> when there is no such blob.</returns>
    public async Task<string?> FindAsync(BlobPath path, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(path, cancellationToken).ConfigureAwait(false) is not { } properties)
        {
            return null;
        }

        // The name carries the content's identity: a blob that was replaced gets a file of its own.
        string identity = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{path}\n{properties.ETag}")).AsSpan(0, 16));
        string file = Path.Combine(folder, identity + ".safetensors");
        if (File.Exists(file))
        {
            return file;
        }

        Directory.CreateDirectory(folder);
        string partial = $"{file}.{Guid.NewGuid():N}.partial";
        try
        {
            await using (BlobContent? content = await store.OpenReadAsync(path, null, cancellationToken).ConfigureAwait(false))
            {
                if (content is null)
                {
                    return null;
                }

                await using FileStream copy = File.Create(partial);
                await content.Stream.CopyToAsync(copy, cancellationToken).ConfigureAwait(false);
            }

            File.Move(partial, file, overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }

        return file;
    }
}
