using CloudPipe.Storage;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Hosting;

/// <summary>Puts the releases that come with the program into a bucket, so that a new bucket can score.</summary>
/// <param name="store">The bucket.</param>
/// <param name="logger">Hears of what was published.</param>
public sealed class ReleasePublisher(IBlobStore store, ILogger<ReleasePublisher> logger)
{
    /// <summary>The folder of releases beside the program: <c>NAME.json</c> and <c>NAME/*.safetensors</c>.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "releases");

    /// <summary>Publishes every file that the bucket does not have. A release is immutable: one that is there stays.</summary>
    /// <param name="folder">Where the releases are; a missing folder holds none.</param>
    /// <param name="cancellationToken">Stops publishing.</param>
    public async Task PublishAsync(string folder, CancellationToken cancellationToken = default)
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        // Weights before the release that names them.
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .OrderBy(file => file.EndsWith(".json", StringComparison.Ordinal)).ThenBy(file => file, StringComparer.Ordinal);
        foreach (string file in files)
        {
            var path = new BlobPath(BlobContainers.Releases, Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'));
            if (await store.FindAsync(path, cancellationToken).ConfigureAwait(false) is not null)
            {
                continue;
            }

            await using FileStream content = File.OpenRead(file);
            if (await store.WriteAsync(path, content, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false) is not null)
            {
                logger.LogInformation("Published {Blob}.", path);
            }
        }
    }
}
