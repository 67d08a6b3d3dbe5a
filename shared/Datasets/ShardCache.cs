using System.Security.Cryptography;
using CloudPipe.Shards;
using CloudPipe.Storage;

namespace CloudPipe.Datasets;

/// <summary>
/// Keeps a data set's shards as files of this machine: each is fetched once and checked against its SHA-256 whenever it is
/// read. Those used longest ago leave when the folder is full. A store that is a folder itself is read in place.
/// </summary>
/// <param name="store">Where the data set is.</param>
/// <param name="folder">Where its shards are kept; made if absent.</param>
/// <param name="capacityBytes">How many bytes the folder may hold.</param>
/// <param name="timeProvider">Dates the shards' last use; the system's clock by default.</param>
public sealed class ShardCache(IBlobStore store, string folder, long capacityBytes, TimeProvider? timeProvider = null)
{
    private readonly TimeProvider _time = timeProvider ?? TimeProvider.System;
    private readonly Lock _lock = new();

    /// <summary>Reads a shard.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="shard">Its shard, one that has a tar.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>Its samples, in order of their keys.</returns>
    /// <exception cref="InvalidDataException">The shard is missing, or not the one that was imported.</exception>
    /// <exception cref="ShardFormatException">It is no readable shard.</exception>
    public async Task<IReadOnlyList<ShardSegment>> ReadAsync(Dataset dataset, DatasetShard shard, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(shard.Sha256);
        byte[] tar = await ReadKeptAsync(shard.Sha256, cancellationToken).ConfigureAwait(false) ?? await FetchAsync(dataset, shard, cancellationToken).ConfigureAwait(false);
        return await ShardReader.ReadAsync(new MemoryStream(tar, writable: false), cancellationToken).ConfigureAwait(false);
    }

    private async Task<byte[]?> ReadKeptAsync(string sha256, CancellationToken cancellationToken)
    {
        string file = FileOf(sha256);
        try
        {
            byte[] tar = await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false);
            if (Is(tar, sha256))
            {
                File.SetLastWriteTimeUtc(file, _time.GetUtcNow().UtcDateTime);
                return tar;
            }

            File.Delete(file);
            return null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private async Task<byte[]> FetchAsync(Dataset dataset, DatasetShard shard, CancellationToken cancellationToken)
    {
        BlobPath path = Dataset.ShardPath(dataset.Name, shard.Index);
        byte[] tar = await store.ReadBytesAsync(path, cancellationToken).ConfigureAwait(false)
            ?? throw new InvalidDataException($"{path} is missing. Delete the data set '{dataset.Name}' and import it again.");
        if (!Is(tar, shard.Sha256!))
        {
            throw new InvalidDataException($"{path} is not what was imported: its SHA-256 is another than dataset.json says. Delete the data set '{dataset.Name}' and import it again.");
        }

        Uri address = await store.GetReadUriAsync(path, TimeSpan.FromMinutes(1), cancellationToken).ConfigureAwait(false);
        if (!address.IsFile && tar.Length <= capacityBytes)
        {
            Keep(tar, shard.Sha256!);
        }

        return tar;
    }

    private void Keep(byte[] tar, string sha256)
    {
        string partial = Path.Combine(folder, $"{sha256}.{Guid.NewGuid():N}.partial");
        Directory.CreateDirectory(folder);
        lock (_lock)
        {
            MakeRoom(tar.Length);
        }

        try
        {
            File.WriteAllBytes(partial, tar);
            File.SetLastWriteTimeUtc(partial, _time.GetUtcNow().UtcDateTime);
            File.Move(partial, FileOf(sha256), overwrite: true);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private void MakeRoom(long bytes)
    {
        FileInfo[] kept = [.. new DirectoryInfo(folder).EnumerateFiles("*.tar").OrderBy(file => file.LastWriteTimeUtc).ThenBy(file => file.Name, StringComparer.Ordinal)];
        long held = kept.Sum(file => file.Length);
        foreach (FileInfo file in kept.TakeWhile(_ => held + bytes > capacityBytes))
        {
            held -= file.Length;
            file.Delete();
        }
    }

    private string FileOf(string sha256) => Path.Combine(folder, $"{sha256}.tar");

    private static bool Is(byte[] tar, string sha256) => Convert.ToHexStringLower(SHA256.HashData(tar)) == sha256;
}
