using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CloudPipe.Datasets;
using CloudPipe.Labels;
using CloudPipe.Runs;
using CloudPipe.Shards;
using CloudPipe.Storage;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Makes tile datasets: of a data set in a store, or of a folder of clips, which it imports first. What was made before of
/// the same data is used again.
/// </summary>
/// <param name="grid">Tiles per side of a super-image.</param>
/// <param name="tileSize">Width and height of a tile in pixels; a data set's tiles of another size are scaled.</param>
/// <param name="taxonomy">The classes of a folder's labels.</param>
/// <param name="parallelism">Clips that are cut, and shards that are decoded, at a time.</param>
/// <param name="budgetBytes">How large a tile dataset may be; <see langword="null"/> allows what is free on its disk.</param>
public sealed class TileDatasetBuilder(int grid, int tileSize, Taxonomy taxonomy, int parallelism, long? budgetBytes = null)
{
    // Part of the fingerprint: what cuts otherwise than before takes another number.
    private const int Version = 1;

    // Shards are a tenth of their decoded tiles: enough for several data sets of QV-Pipe's size.
    private const long ShardCacheBytes = 32L * 1024 * 1024 * 1024;

    /// <summary>Builds the dataset of a folder of clips, each one segment, or opens it where it is up to date.</summary>
    /// <param name="videos">The clips.</param>
    /// <param name="cacheFolder">Where tile datasets and the imported clips are kept; made if absent.</param>
    /// <param name="progress">Hears of every clip.</param>
    /// <param name="cancellationToken">Stops the work; the next run goes on from there.</param>
    /// <returns>The dataset; clips that could not be cut are left out and named in its header.</returns>
    /// <exception cref="TrainingException">The labels are faulty, no clip could be cut, or the disk is too small.</exception>
    public async Task<TileDataset> BuildAsync(LabelledVideos videos, string cacheFolder, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<LabelledVideo> labelled = videos.Read(taxonomy);
        string fingerprint = Fingerprint(videos.VideosFolder, labelled);
        string path = PathOf(cacheFolder, fingerprint);
        if (!File.Exists(path))
        {
            var store = new FolderBlobStore(Path.Combine(cacheFolder, "bucket"));
            Dataset dataset = await ImportAsync(store, fingerprint, videos.VideosFolder, labelled, progress, cancellationToken).ConfigureAwait(false);
            await DecodeAsync(store, dataset, fingerprint, path, progress, cancellationToken).ConfigureAwait(false);
        }

        return TileDataset.Open(path);
    }

    /// <summary>Builds the dataset of a data set in a store, or opens it where that was done before.</summary>
    /// <param name="store">The store.</param>
    /// <param name="dataset">The data set, cut for the same grid.</param>
    /// <param name="cacheFolder">Where tile datasets and fetched shards are kept; made if absent.</param>
    /// <param name="progress">Hears of every shard.</param>
    /// <param name="cancellationToken">Stops the work; fetched shards are kept.</param>
    /// <returns>The tile dataset.</returns>
    /// <exception cref="TrainingException">The data set is for another grid or damaged, or the disk is too small.</exception>
    public async Task<TileDataset> BuildAsync(IBlobStore store, Dataset dataset, string cacheFolder, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        if (dataset.Cut.Grid != grid)
            throw new TrainingException($"The data set '{dataset.Name}' was cut for a grid of {dataset.Cut.Grid}, not {grid}. Ask for that grid, or import it again.");

        string fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Version} {tileSize} {dataset.ComputeHash()}"))));
        string path = PathOf(cacheFolder, fingerprint);
        if (!File.Exists(path))
            await DecodeAsync(store, dataset, fingerprint, path, progress, cancellationToken).ConfigureAwait(false);

        return TileDataset.Open(path);
    }

    private static string PathOf(string cacheFolder, string fingerprint)
    {
        Directory.CreateDirectory(cacheFolder);
        return Path.Combine(cacheFolder, $"{fingerprint[..24]}.tiles");
    }

    private async Task<Dataset> ImportAsync(
        FolderBlobStore store,
        string fingerprint,
        string folder,
        IReadOnlyList<LabelledVideo> labelled,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        await store.CreateContainersAsync([BlobContainers.Datasets], cancellationToken).ConfigureAwait(false);
        var import = new DatasetImport(
            fingerprint[..24],
            DatasetFormat.QvPipe,
            taxonomy,
            folder,
            [.. labelled.Select(video => new DatasetSample(video.Name, video.Name, video.Labels))],
            DatasetCut.Uniform(grid, tileSize));
        try
        {
            return await new DatasetImporter(store, parallelism).ImportAsync(import, progress is null ? null : new CuttingProgress(progress), cancellationToken).ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw new TrainingException(exception.Message, exception);
        }
    }

    private async Task DecodeAsync(IBlobStore store, Dataset dataset, string fingerprint, string path, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        DatasetEntry[] samples = [.. dataset.Samples];
        var header = new TileDatasetHeader(
            fingerprint,
            grid,
            tileSize,
            [.. samples.Select(sample => new LabelledVideo(sample.Name, sample.Labels))],
            new SortedDictionary<string, string>(dataset.Skipped.ToDictionary(sample => sample.Name, sample => sample.Reason), StringComparer.Ordinal),
            samples.All(sample => sample.Tiles == 1) ? 1 : dataset.Cut.Frames);
        CheckBudget(dataset, (long)header.StoredBytes * samples.Length, path);

        var shards = new ShardCache(store, Path.Combine(Path.GetDirectoryName(path)!, "shards"), ShardCacheBytes);
        Dictionary<int, int> places = samples.Select((sample, place) => (sample.Key, place)).ToDictionary(pair => pair.Key, pair => pair.place);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        int done = 0;
        try
        {
            await TileDataset.WriteAsync(path, header, put => Parallel.ForEachAsync(dataset.Shards.Where(shard => shard.Sha256 is not null), parallel, async (shard, token) =>
            {
                IReadOnlyList<ShardSegment> segments = await shards.ReadAsync(dataset, shard, token).ConfigureAwait(false);
                await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync(segments, tileSize, token).ConfigureAwait(false))
                {
                    using (tiles)
                        put(places[tiles.SegmentIndex], Fill(tiles, header));

                    progress?.Report(new TrainingProgress("decoding", Interlocked.Increment(ref done), samples.Length, dataset.Name));
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

    private string Fingerprint(string folder, IReadOnlyList<LabelledVideo> labelled)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(string.Create(CultureInfo.InvariantCulture, $"{Version} {grid} {tileSize} {Path.GetFullPath(folder)}"));
        foreach (LabelledVideo video in labelled)
        {
            var file = new FileInfo(Path.Combine(folder, video.Name));
            string state = file.Exists ? string.Create(CultureInfo.InvariantCulture, $"{file.Length} {file.LastWriteTimeUtc.Ticks}") : "absent";
            Append($"{video.Name}\n{string.Join(' ', video.Labels)}\n{state}");
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }
}
