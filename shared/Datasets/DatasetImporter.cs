using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CloudPipe.Ensembling;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Shards;
using CloudPipe.Storage;

namespace CloudPipe.Datasets;

/// <summary>
/// Cuts labelled videos and images once into shards, with the very code that cuts inspections: a network sees in training
/// what it will see in service. The same files and labels give the same bytes. An import that was stopped goes on where it
/// was: a shard that is done is not cut again.
/// </summary>
/// <param name="store">Where the data set goes; its container is there.</param>
/// <param name="parallelism">Samples that are cut at a time.</param>
/// <param name="shardBytes">How large a shard is, about, in bytes: what is held at once, and what a kill costs.</param>
public sealed class DatasetImporter(IBlobStore store, int parallelism, long shardBytes = DatasetImporter.DefaultShardBytes)
{
    /// <summary>How large a shard is unless said otherwise: 32 MiB.</summary>
    public const long DefaultShardBytes = 32 * 1024 * 1024;

    private readonly InspectionOptions _options = new() { CutParallelism = 1 };

    /// <summary>Imports a data set, or finds it where that was done before.</summary>
    /// <param name="import">What to import.</param>
    /// <param name="progress">Hears of every sample.</param>
    /// <param name="cancellationToken">Stops the work; shards that are done are kept.</param>
    /// <returns>The data set; samples that could not be cut are named in it with the reason.</returns>
    /// <exception cref="InvalidDataException">The request is faulty, the name is taken by other data, or nothing could be cut.</exception>
    /// <exception cref="IOException">A file or the store could not be read; the same import goes on from there.</exception>
    public async Task<Dataset> ImportAsync(DatasetImport import, IProgress<ImportProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        Validate(import);
        string plan = PlanOf(import);
        var datasets = new DatasetStore(store);
        if (await datasets.FindAsync(import.Name, cancellationToken).ConfigureAwait(false) is { } known)
        {
            return SameAs(known, plan);
        }

        var source = new Source(import, new VideoFolderStore(import.VideosFolder), _options);
        List<DatasetShard> shards = await CutAllAsync(source, plan, progress, cancellationToken).ConfigureAwait(false);
        DatasetEntry[] samples = [.. shards.SelectMany(shard => shard.Samples)];
        SkippedSample[] skipped = [.. shards.SelectMany(shard => shard.Skipped)];
        if (samples.Length == 0)
        {
            throw new InvalidDataException($"None of the {import.Samples.Count} labelled samples in '{import.VideosFolder}' could be cut. The first: {skipped.Select(sample => sample.Reason).FirstOrDefault() ?? "there are no labels"}");
        }

        int[] counts = [.. import.Taxonomy.Classes.Select((_, index) => samples.Count(sample => sample.Labels.Contains(index)))];
        var dataset = new Dataset(import.Name, plan, import.Format, import.Taxonomy, import.Cut, samples.Length, skipped.Length, counts, shards);
        return await store.WriteJsonAsync(Dataset.PathOf(import.Name), dataset, WriteCondition.IfAbsent, cancellationToken).ConfigureAwait(false) is null
            ? SameAs(await datasets.ReadAsync(import.Name, cancellationToken).ConfigureAwait(false), plan)
            : dataset;
    }

    private static Dataset SameAs(Dataset known, string plan) => known.Plan == plan
        ? known
        : throw new InvalidDataException($"The data set '{known.Name}' exists and was made from other labels, files or options. Choose another name, or delete {BlobContainers.Datasets}/{known.Name} first.");

    private static void Validate(DatasetImport import)
    {
        if (!ReleaseValidator.IsName(import.Name))
        {
            throw new InvalidDataException($"'{import.Name}' cannot name a data set: 1 to 64 characters of a-z, 0-9, hyphen and dot.");
        }

        import.Cut.Validate();
        if (!Directory.Exists(import.VideosFolder))
        {
            throw new InvalidDataException($"The videos' folder '{import.VideosFolder}' does not exist.");
        }
    }

    /// <summary>Names what is to be cut, the data set's own name aside. Files count by their lengths: copied to another machine they are the same.</summary>
    /// <param name="import">What to import.</param>
    /// <returns>A SHA-256, in hexadecimal.</returns>
    public static string PlanOf(DatasetImport import)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(string.Create(CultureInfo.InvariantCulture, $"1 {import.Format} {import.Cut.Grid} {import.Cut.TileSize} {import.Cut.Frames} {import.Cut.Sampling}"));
        Append(System.Text.Json.JsonSerializer.Serialize(import.Taxonomy, CloudPipeJson.Options));
        foreach (DatasetSample sample in import.Samples)
        {
            var file = new FileInfo(Path.Combine(import.VideosFolder, Source.Locate(import.VideosFolder, sample.File)));
            string length = file.Exists ? file.Length.ToString(CultureInfo.InvariantCulture) : "absent";
            Append(string.Create(CultureInfo.InvariantCulture, $"{sample.Name}\n{sample.File}\n{string.Join(' ', sample.Labels)}\n{sample.Span?.StartSeconds:R} {sample.Span?.EndSeconds:R}\n{length}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }

    private async Task<List<DatasetShard>> CutAllAsync(Source source, string plan, IProgress<ImportProgress>? progress, CancellationToken cancellationToken)
    {
        DatasetImport import = source.Import;
        int perShard = import.Cut.SamplesPerShard(shardBytes, import.Samples.All(sample => StillImage.IsImage(sample.File)) ? 1 : import.Cut.Frames);
        int done = 0;
        var shards = new List<DatasetShard>();
        for (int first = 0; first < import.Samples.Count; first += perShard)
        {
            int count = Math.Min(perShard, import.Samples.Count - first);
            BlobPath record = Dataset.PathOf(import.Name, $"{shards.Count:D5}.json");
            ImportedShard? imported = await store.ReadJsonAsync<ImportedShard>(record, cancellationToken).ConfigureAwait(false);
            if (imported?.Plan != plan)
            {
                DatasetShard shard = await CutShardAsync(source, shards.Count, first, count, name => progress?.Report(new ImportProgress(Interlocked.Increment(ref done), import.Samples.Count, name)), cancellationToken).ConfigureAwait(false);
                imported = new ImportedShard(plan, shard);
                await store.WriteJsonAsync(record, imported, cancellationToken: cancellationToken).ConfigureAwait(false);
            }
            else
            {
                done += count;
                progress?.Report(new ImportProgress(done, import.Samples.Count, import.Samples[first + count - 1].Name));
            }

            shards.Add(imported.Shard);
        }

        return shards;
    }

    private async Task<DatasetShard> CutShardAsync(Source source, int shardIndex, int first, int count, Action<string> onSample, CancellationToken cancellationToken)
    {
        var segments = new ShardSegment?[count];
        var skipped = new SkippedSample?[count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, count, parallel, async (offset, token) =>
        {
            DatasetSample sample = source.Import.Samples[first + offset];
            try
            {
                segments[offset] = await source.CutAsync(first + offset, token).ConfigureAwait(false);
            }
            catch (InspectionRejectedException exception)
            {
                skipped[offset] = new SkippedSample(sample.Name, exception.Message);
            }

            onSample(sample.Name);
        }).ConfigureAwait(false);

        ShardSegment[] cut = [.. segments.OfType<ShardSegment>()];
        DatasetEntry[] entries = [.. cut.Select(segment => new DatasetEntry(
            segment.Manifest.SegmentIndex,
            segment.Manifest.Sample!.Name,
            segment.Manifest.Sample.Labels,
            segment.Tiles.Count,
            segment.Manifest.EndSeconds - segment.Manifest.StartSeconds))];
        if (cut.Length == 0)
        {
            return new DatasetShard(shardIndex, null, 0, entries, [.. skipped.OfType<SkippedSample>()]);
        }

        using var tar = new MemoryStream();
        await ShardWriter.WriteAsync(tar, cut, cancellationToken).ConfigureAwait(false);
        string sha256 = Convert.ToHexStringLower(SHA256.HashData(tar.GetBuffer().AsSpan(0, (int)tar.Length)));
        tar.Position = 0;

        // Over what an import of other data may have left: the record behind it names this one.
        await store.WriteAsync(Dataset.ShardPath(source.Import.Name, shardIndex), tar, cancellationToken: cancellationToken).ConfigureAwait(false);
        return new DatasetShard(shardIndex, sha256, tar.Length, entries, [.. skipped.OfType<SkippedSample>()]);
    }

    /// <summary>The files of an import.</summary>
    private sealed class Source(DatasetImport import, VideoFolderStore videos, InspectionOptions options)
    {
        // A survey has many samples.
        private readonly ConcurrentDictionary<string, Lazy<Task<VideoInfo>>> _probes = new(StringComparer.Ordinal);
        private readonly ShardCutter _cutter = new(videos, options);

        public DatasetImport Import => import;

        /// <summary>A file's name with the extension that the label file may have left out.</summary>
        public static string Locate(string folder, string name) => UploadFilter.IsVideo(name) || StillImage.IsImage(name) || File.Exists(Path.Combine(folder, name))
            ? name
            : UploadFilter.Extensions.Select(extension => name + extension).FirstOrDefault(file => File.Exists(Path.Combine(folder, file)), name);

        public async Task<ShardSegment> CutAsync(int key, CancellationToken cancellationToken)
        {
            DatasetSample sample = import.Samples[key];
            string file = Locate(import.VideosFolder, sample.File);
            UploadHead upload = await UploadHead.ReadAsync(videos, new BlobPath(BlobContainers.Inspections, file), cancellationToken).ConfigureAwait(false)
                ?? throw new InspectionRejectedException(ReasonCode.EmptyFile, $"'{sample.File}' is not in the folder. Put it there, or take it from the label file.");
            var labels = new LabelledSource(sample.Name, file, sample.Labels);
            if (StillImage.IsImage(file))
            {
                ReadOnlyMemory<byte> tile = await _cutter.CutImageAsync(file, import.Cut.TileSize, cancellationToken).ConfigureAwait(false);
                return new ShardSegment(new SegmentManifest(key, 0, 0, [new FrameTime(0, 0)], labels), [tile]);
            }

            VideoInfo video = await _probes.GetOrAdd(file, _ => new(() => new VideoProbe(videos, options).ProbeAsync(upload, cancellationToken))).Value.ConfigureAwait(false);
            double start = sample.Span?.StartSeconds ?? 0;
            double end = Math.Min(sample.Span?.EndSeconds ?? double.PositiveInfinity, video.DurationSeconds);
            if (start >= end)
            {
                throw new InspectionRejectedException(ReasonCode.Truncated, string.Create(CultureInfo.InvariantCulture, $"'{file}' lasts {video.DurationSeconds:0.0} s; the sample begins at {start:0.0} s."));
            }

            var segment = new Segment(key, start, end);
            IReadOnlyList<ShardSegment> cut = await _cutter.CutAsync(file, video, import.Cut.TileSize, [(segment, import.Cut.InstantsOf(segment, video.FramesPerSecond))], cancellationToken).ConfigureAwait(false);
            return cut[0] with { Manifest = cut[0].Manifest with { Sample = labels } };
        }
    }
}
