using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Shards;
using CloudPipe.Storage;
using Microsoft.Win32.SafeHandles;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Cuts a folder of clips into a tile dataset, with the very code that cuts inspections: a network sees in training what it
/// will see in service. A clip is one segment. What was cut before from the same files is used again.
/// </summary>
/// <param name="grid">Tiles per side of a super-image.</param>
/// <param name="tileSize">Width and height of a tile in pixels.</param>
/// <param name="taxonomy">The classes of the labels.</param>
/// <param name="parallelism">Clips that are cut at a time.</param>
public sealed class TileDatasetBuilder(int grid, int tileSize, Taxonomy taxonomy, int parallelism)
{
    // Part of the fingerprint: what cuts otherwise than before takes another number.
    private const int Version = 1;

    private readonly InspectionOptions options = new() { CutParallelism = 1 };

    /// <summary>Builds the dataset, or opens it where it is up to date.</summary>
    /// <param name="videos">The clips.</param>
    /// <param name="cacheFolder">Where tile datasets are kept; made if absent.</param>
    /// <param name="progress">Hears of every clip.</param>
    /// <param name="cancellationToken">Stops the work; what was cut so far is lost.</param>
    /// <returns>The dataset; clips that could not be cut are left out and named in its header.</returns>
    /// <exception cref="TrainingException">The labels are faulty, or no clip could be cut.</exception>
    public async Task<TileDataset> BuildAsync(LabelledVideos videos, string cacheFolder, IProgress<TrainingProgress>? progress, CancellationToken cancellationToken)
    {
        IReadOnlyList<LabelledVideo> labelled = videos.Read(taxonomy);
        string fingerprint = Fingerprint(videos.VideosFolder, labelled);
        Directory.CreateDirectory(cacheFolder);
        string path = Path.Combine(cacheFolder, $"{fingerprint[..24]}.tiles");
        if (!File.Exists(path))
        {
            // One name for all runs: what a killed run left is overwritten, not left lying.
            string scratch = $"{path}.scratch";
            try
            {
                await CutAllAsync(videos.VideosFolder, labelled, fingerprint, path, scratch, progress, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                File.Delete(scratch);
            }
        }

        return TileDataset.Open(path);
    }

    private async Task CutAllAsync(
        string folder,
        IReadOnlyList<LabelledVideo> labelled,
        string fingerprint,
        string path,
        string scratch,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellationToken)
    {
        var layout = new TileDatasetHeader(fingerprint, grid, tileSize, [], new Dictionary<string, string>());
        var store = new VideoFolderStore(folder);
        var skipped = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        int done = 0;
        using SafeFileHandle cut = File.OpenHandle(scratch, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, labelled.Count, parallel, async (index, token) =>
        {
            try
            {
                using SegmentTiles tiles = await CutAsync(store, labelled[index].Name, token).ConfigureAwait(false);
                RandomAccess.Write(cut, tiles.Pixels.Span, (long)index * layout.SampleBytes);
            }
            catch (Exception exception) when (exception is InspectionRejectedException or ShardFormatException)
            {
                skipped[labelled[index].Name] = exception.Message;
            }

            progress?.Report(new TrainingProgress("cutting", Interlocked.Increment(ref done), labelled.Count, labelled[index].Name));
        }).ConfigureAwait(false);

        int[] kept = [.. Enumerable.Range(0, labelled.Count).Where(index => !skipped.ContainsKey(labelled[index].Name))];
        if (kept.Length == 0)
            throw new TrainingException($"None of the {labelled.Count} labelled clips in '{folder}' could be cut. The first: {skipped.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value).FirstOrDefault() ?? "there are no labels"}");

        var header = layout with
        {
            Videos = [.. kept.Select(index => labelled[index])],
            Skipped = new SortedDictionary<string, string>(skipped, StringComparer.Ordinal),
        };
        byte[] sample = new byte[layout.SampleBytes];
        TileDataset.Write(path, header, index =>
        {
            RandomAccess.Read(cut, sample, (long)kept[index] * layout.SampleBytes);
            return sample;
        });
    }

    private async Task<SegmentTiles> CutAsync(VideoFolderStore store, string name, CancellationToken cancellationToken)
    {
        var blob = new BlobPath(BlobContainers.Inspections, name);
        BlobProperties upload = await store.FindAsync(blob, cancellationToken).ConfigureAwait(false)
            ?? throw new InspectionRejectedException(ReasonCode.EmptyFile, $"'{name}' is not in the folder. Put it there, or take it from the label file.");
        VideoInfo video = await new VideoProbe(store, options).ProbeAsync(upload, cancellationToken).ConfigureAwait(false);
        var plan = new InspectionPlan(
            InspectionId: name,
            BlobName: name,
            upload.ETag,
            UploadedAt: upload.LastModified,
            PlannedAt: upload.LastModified,
            Release: string.Empty,
            grid,
            tileSize,
            MemberGroups: [],
            video,
            [new Segment(0, 0, video.DurationSeconds)],
            [new Shard(0, 0, 1)]);
        IReadOnlyList<ShardSegment> segments = await new ShardCutter(store, options).CutAsync(plan, 0, cancellationToken).ConfigureAwait(false);
        await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync(segments, tileSize, cancellationToken).ConfigureAwait(false))
            return tiles;

        throw new ShardFormatException($"'{name}' has no tiles.");
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
