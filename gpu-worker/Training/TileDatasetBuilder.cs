using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CloudPipe.Datasets;
using CloudPipe.Labels;
using CloudPipe.Runs;
using CloudPipe.Shards;
using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Training;

/// <summary>Decodes data sets into tile datasets. What was made before of the same data is used again.</summary>
/// <param name="tileSize">Width and height of a tile in pixels; a data set's tiles of another size are scaled.</param>
/// <param name="parallelism">Shards that are decoded at a time.</param>
/// <param name="budgetBytes">How large a tile dataset may be; <see langword="null"/> allows what is free on its disk.</param>
public sealed class TileDatasetBuilder(int tileSize, int parallelism, long? budgetBytes = null)
{
    // Part of the fingerprint: what cuts otherwise than before takes another number.
    private const int Version = 1;

    // Shards are a tenth of their decoded tiles: enough for several data sets of QV-Pipe's size.
    private const long ShardCacheBytes = 32L * 1024 * 1024 * 1024;

    /// <summary>Builds the dataset of a data set in a store, or opens it where that was done before.</summary>
    /// <param name="store">The store.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="cacheFolder">Where tile datasets and fetched shards are kept; made if absent.</param>
    /// <param name="cancellationToken">Stops the work; fetched shards are kept.</param>
    /// <returns>The tile dataset.</returns>
    /// <exception cref="TrainingException">The data set is damaged, or the disk is too small.</exception>
    public async Task<TileDataset> BuildAsync(IBlobStore store, Dataset dataset, string cacheFolder, CancellationToken cancellationToken)
    {
        string fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version} {dataset.Cut.Grid} {tileSize} {dataset.ComputeHash()}"))));
        string path = PathOf(cacheFolder, fingerprint);
        if (!File.Exists(path))
            await DecodeAsync(store, dataset, fingerprint, path, cancellationToken).ConfigureAwait(false);

        return TileDataset.Open(path);
    }

    private static string PathOf(string cacheFolder, string fingerprint)
    {
        Directory.CreateDirectory(cacheFolder);
        return Path.Combine(cacheFolder, $"{fingerprint[..24]}.tiles");
    }

    private async Task DecodeAsync(IBlobStore store, Dataset dataset, string fingerprint, string path, CancellationToken cancellationToken)
    {
        DatasetEntry[] samples = [.. dataset.Samples];
        var header = new TileDatasetHeader(
            fingerprint,
            dataset.Cut.Grid,
            tileSize,
            [.. samples.Select(sample => new LabelledVideo(sample.Name, sample.Labels))],
            samples.All(sample => sample.Tiles == 1) ? 1 : dataset.Cut.Frames);
        CheckBudget(dataset, (long)header.StoredBytes * samples.Length, path);

        var shards = new ShardCache(store, Path.Combine(Path.GetDirectoryName(path)!, "shards"), ShardCacheBytes);
        Dictionary<int, int> places = samples.Select((sample, place) => (sample.Key, place)).ToDictionary(pair => pair.Key, pair => pair.place);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        try
        {
            await TileDataset.WriteAsync(path, header, put => Parallel.ForEachAsync(dataset.Shards.Where(shard => shard.Sha256 is not null), parallel, async (shard, token) =>
            {
                IReadOnlyList<ShardSegment> segments = await shards.ReadAsync(dataset, shard, token).ConfigureAwait(false);
                await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync(segments, tileSize, token).ConfigureAwait(false))
                {
                    using (tiles)
                        put(places[tiles.SegmentIndex], Fill(tiles, header));
                }
            })).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvalidDataException or ShardFormatException)
        {
            throw new TrainingException(exception.Message, exception);
        }
    }

    // An image among videos takes all their places.
    private static ReadOnlyMemory<byte> Fill(SegmentTiles tiles, TileDatasetHeader header) => tiles.TileCount == header.StoredTiles
        ? tiles.Pixels
        : Enumerable.Repeat(tiles.Pixels.ToArray(), header.StoredTiles).SelectMany(tile => tile).ToArray();

    private void CheckBudget(Dataset dataset, long bytes, string path)
    {
        long budget = budgetBytes ?? new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace;
        if (bytes > budget)
            throw new TrainingException(string.Create(CultureInfo.InvariantCulture, $"The decoded tiles of '{dataset.Name}' take {bytes / 1e9:0.00} GB; {budget / 1e9:0.00} GB are free for them. Name a cache folder on a larger disk, or ask for smaller tiles."));
    }
}
