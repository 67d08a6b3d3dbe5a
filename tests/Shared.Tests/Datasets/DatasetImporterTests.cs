using System.Security.Cryptography;
using CloudPipe.Datasets;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Shards;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Shared.Tests.Videos;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;
using FFMpegCore;
using FFMpegCore.Enums;

namespace CloudPipe.Shared.Tests.Datasets;

public sealed class DatasetImporterTests : IDisposable
{
    private const int TileSize = 64;
    private const double FramesPerSecond = 25;

    private readonly TemporaryFolder _videos = new();
    private readonly ObservedBlobStore _store = new();

    public void Dispose()
    {
        _store.Dispose();
        _videos.Dispose();
    }

    [Theory]
    [InlineData(null, FrameSampling.Uniform)]
    [InlineData(9, FrameSampling.Sequence)]
    [InlineData(18, FrameSampling.Sequence)]
    [InlineData(27, FrameSampling.Dense)]
    public async Task A_sample_is_cut_as_an_inspection_by_a_release_that_says_the_same(int? frames, FrameSampling sampling)
    {
        await WriteVideoAsync("clip.mp4");
        using var bucket = new InspectionBucket();
        await bucket.PublishAsync(InspectionBucket.DemoRelease(segmentSeconds: 60) with { Frames = frames, Sampling = sampling });
        await bucket.UploadFileAsync("clip.mp4", _videos.File("clip.mp4"));
        (_, List<ShardSegment> inspected) = await bucket.IngestAndCutAsync("clip.mp4");

        ShardSegment sample = Assert.Single(await ReadAllAsync(await ImportAsync([Sample("clip.mp4", 3)], new DatasetCut(3, TileSize, frames ?? 9, sampling))));

        Assert.Equal(frames ?? 9, sample.Tiles.Count);
        Assert.Equal(inspected[0].Tiles.Select(tile => tile.ToArray()), sample.Tiles.Select(tile => tile.ToArray()));
        Assert.Equal(inspected[0].Manifest.Frames, sample.Manifest.Frames);
        Assert.Equal("clip.mp4", sample.Manifest.Sample!.File);
        Assert.Equal([3], sample.Manifest.Sample.Labels);
    }

    [Fact]
    public async Task A_sequence_is_of_consecutive_frames_from_the_middle()
    {
        await WriteVideoAsync("clip.mp4");

        ShardSegment sample = Assert.Single(await ReadAllAsync(await ImportAsync([Sample("clip.mp4")], new DatasetCut(3, TileSize, 9, FrameSampling.Sequence))));

        Assert.Equal(Enumerable.Range(121, 9), await NumbersAsync(sample));
    }

    [Fact]
    public async Task Dense_frames_are_the_centres_of_more_equal_parts()
    {
        await WriteVideoAsync("clip.mp4");

        ShardSegment sample = Assert.Single(await ReadAllAsync(await ImportAsync([Sample("clip.mp4")], new DatasetCut(3, TileSize, 18, FrameSampling.Dense))));

        Assert.All((await NumbersAsync(sample)).Index(), frame => Assert.Equal((frame.Index + 0.5) * 250 / 18, frame.Item, 0.501));
        Assert.Equal(18, sample.Tiles.Count);
    }

    [Fact]
    public async Task A_sequence_of_a_short_video_begins_with_its_first_frame_and_repeats_its_last()
    {
        await WriteVideoAsync("clip.mp4", frames: 4);

        ShardSegment sample = Assert.Single(await ReadAllAsync(await ImportAsync([Sample("clip.mp4")], new DatasetCut(3, TileSize, 9, FrameSampling.Sequence))));

        int[] numbers = await NumbersAsync(sample);
        Assert.Equal([0, 1, 2, 3, 3, 3, 3, 3, 3], numbers);
    }

    [Fact]
    public async Task A_span_s_frames_lie_within_it_and_a_missing_extension_is_found()
    {
        await WriteVideoAsync("survey.avi");
        DatasetSample[] samples = [new("survey#2-4", "survey", [1], new DatasetSpan(2, 4)), new("survey#8-30", "survey", [2], new DatasetSpan(8, 30)), new("survey#30-40", "survey", [2], new DatasetSpan(30, 40))];

        Dataset dataset = await ImportAsync(samples);
        IReadOnlyList<ShardSegment> cut = await ReadAllAsync(dataset);

        Assert.All(await NumbersAsync(cut[0]), number => Assert.InRange(number, 50, 100));
        Assert.All(await NumbersAsync(cut[1]), number => Assert.InRange(number, 200, 249));
        Assert.Equal([0, 1], dataset.Samples.Select(sample => sample.Key));
        Assert.Equal([2, 2], dataset.Samples.Select(sample => Math.Round(sample.Seconds, 1)));
        Assert.Contains("lasts 10.0 s", Assert.Single(dataset.Skipped).Reason);
    }

    [Fact]
    public async Task An_image_is_one_tile()
    {
        await WriteImageAsync("street/100%d.png");
        await WriteImageAsync("b.jpg");
        File.WriteAllText(_videos.File("c.png"), "this is no picture");

        Dataset dataset = await ImportAsync([Sample("b.jpg", 1), Sample("c.png"), Sample("street/100%d.png", 2)]);
        IReadOnlyList<ShardSegment> cut = await ReadAllAsync(dataset);

        Assert.Equal([1, 1], cut.Select(segment => segment.Tiles.Count));
        Assert.Equal(0, Assert.Single(await NumbersAsync(cut[1])));
        Assert.Equal([0.0, 0.0], dataset.Samples.Select(sample => sample.Seconds));
        Assert.Equal("c.png", Assert.Single(dataset.Skipped).Name);
    }

    [Fact]
    public async Task An_import_that_was_stopped_goes_on_with_the_same_bytes()
    {
        foreach (string name in new[] { "a.png", "b.png", "c.png" })
            await WriteImageAsync(name);

        // A shard for each sample.
        DatasetSample[] samples = [Sample("a.png", 1), Sample("b.png", 2), Sample("c.png", 1, 2)];
        Dataset whole = await ImportAsync(samples, name: "whole", shardBytes: 1);
        _store.Before = (operation, path) =>
        {
            if (operation == "write" && path == Dataset.ShardPath("stopped", 2))
                throw new IOException("power cut");
        };
        await Assert.ThrowsAsync<IOException>(() => ImportAsync(samples, name: "stopped", shardBytes: 1));
        Assert.Null(await _store.FindAsync(Dataset.PathOf("stopped")));
        var written = new List<string>();
        _store.Before = (operation, path) =>
        {
            if (operation == "write")
                written.Add(path.Name);
        };

        Dataset resumed = await ImportAsync(samples, name: "stopped", shardBytes: 1);

        Assert.Equal(3, whole.Shards.Count);
        Assert.Equal(["stopped/00002.tar", "stopped/00002.json", "stopped/dataset.json"], written);
        Assert.Equal(whole.ComputeHash(), resumed.ComputeHash());
        Assert.Equal([0, 2, 2], resumed.ClassCounts.Take(3));
        byte[] tar = (await _store.ReadBytesAsync(Dataset.ShardPath("stopped", 0)))!;
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(tar)), resumed.Shards[0].Sha256);
        Assert.Equal(tar.Length, resumed.Shards[0].Bytes);

        written.Clear();
        Assert.Equal(resumed.Plan, (await ImportAsync(samples, name: "stopped", shardBytes: 1)).Plan);
        Assert.Empty(written);
    }

    [Fact]
    public async Task A_name_is_not_taken_over_by_other_data()
    {
        await WriteImageAsync("a.png");
        await ImportAsync([Sample("a.png", 1)]);

        string message = (await Assert.ThrowsAsync<InvalidDataException>(() => ImportAsync([Sample("a.png", 2)]))).Message;

        Assert.Contains("Choose another name", message);
    }

    [Fact]
    public async Task What_an_unfinished_import_of_other_labels_left_is_not_used()
    {
        await WriteImageAsync("a.png");
        _store.Before = (operation, path) =>
        {
            if (operation == "write" && path == Dataset.PathOf("data"))
                throw new IOException("power cut");
        };
        await Assert.ThrowsAsync<IOException>(() => ImportAsync([Sample("a.png", 1)]));
        _store.Before = null;

        Dataset dataset = await ImportAsync([Sample("a.png", 2)]);

        Assert.Equal([2], Assert.Single(await ReadAllAsync(dataset)).Manifest.Sample!.Labels);
    }

    [Fact]
    public async Task What_cannot_be_cut_is_left_out_with_the_reason()
    {
        await WriteImageAsync("a.png");
        File.WriteAllText(_videos.File("broken.mp4"), "this is no video");

        Dataset dataset = await ImportAsync([Sample("a.png", 1), Sample("absent.mp4", 1), Sample("broken.mp4", 1)]);

        Assert.Equal(1, dataset.SampleCount);
        Assert.Equal(2, dataset.SkippedCount);
        Assert.Equal(["absent.mp4", "broken.mp4"], dataset.Skipped.Select(sample => sample.Name));
        Assert.Contains("not in the folder", dataset.Skipped.First().Reason);
        Assert.Contains("None of the 1", (await Assert.ThrowsAsync<InvalidDataException>(() => ImportAsync([Sample("broken.mp4", 1)], name: "none"))).Message);
    }

    [Theory]
    [InlineData(3, 64, 8, FrameSampling.Dense, "multiple")]
    [InlineData(3, 64, 18, FrameSampling.Uniform, "uniform")]
    [InlineData(0, 64, 9, FrameSampling.Uniform, "grid")]
    [InlineData(3, 4096, 9, FrameSampling.Uniform, "2048")]
    public async Task A_cut_that_cannot_be_made_is_refused(int grid, int tileSize, int frames, FrameSampling sampling, string word) =>
        Assert.Contains(word, (await Assert.ThrowsAsync<InvalidDataException>(() => ImportAsync([Sample("a.png")], new DatasetCut(grid, tileSize, frames, sampling)))).Message);

    [Fact]
    public async Task Inspections_shards_say_nothing_of_samples()
    {
        using var tar = new MemoryStream();
        await ShardWriter.WriteAsync(tar, [new ShardSegment(new SegmentManifest(0, 0, 1, [new FrameTime(0, 0)]), [new byte[] { 1 }])]);

        Assert.DoesNotContain("sample", System.Text.Encoding.UTF8.GetString(tar.ToArray()));
    }

    private static DatasetSample Sample(string file, params int[] labels) => new(file, file, labels);

    private static async Task<int[]> NumbersAsync(ShardSegment segment)
    {
        var numbers = new List<int>();
        await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync([segment], TileSize))
        {
            using (tiles)
            {
                for (int tile = 0; tile < tiles.TileCount; tile++)
                    numbers.Add(NumberedFrames.Read(tiles.Pixels.Span.Slice(tile * TileSize * TileSize * 3, TileSize * TileSize * 3), TileSize));
            }
        }

        return [.. numbers];
    }

    private Task<Dataset> ImportAsync(IReadOnlyList<DatasetSample> samples, DatasetCut? cut = null, string name = "data", long shardBytes = DatasetImporter.DefaultShardBytes) =>
        new DatasetImporter(_store, parallelism: 2, shardBytes).ImportAsync(new DatasetImport(name, DatasetFormat.Csv, QvPipeTaxonomy.Taxonomy, _videos.FullPath, samples, cut ?? DatasetCut.Uniform(3, TileSize)));

    private async Task<IReadOnlyList<ShardSegment>> ReadAllAsync(Dataset dataset)
    {
        var segments = new List<ShardSegment>();
        foreach (DatasetShard shard in dataset.Shards)
            segments.AddRange(await ShardReader.ReadAsync(new MemoryStream((await _store.ReadBytesAsync(Dataset.ShardPath(dataset.Name, shard.Index)))!)));

        Assert.Equal(dataset.Samples.Select(sample => sample.Key), segments.Select(segment => segment.Manifest.SegmentIndex));
        return segments;
    }

    private Task WriteVideoAsync(string name, int frames = 250)
    {
        string codec = name.EndsWith(".avi", StringComparison.Ordinal) ? "-c:v mjpeg -q:v 3" : "-c:v libx264 -preset ultrafast -g 50";
        return new NumberedVideo(Path.GetExtension(name), codec) { FrameCount = frames, FramesPerSecond = FramesPerSecond }.WriteAsync(_videos.File(name));
    }

    private async Task WriteImageAsync(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_videos.File(name))!);
        string plain = _videos.File($"picture{Path.GetExtension(name)}");
        await FFMpegArguments.FromPipeInput(new NumberedFrames(128, 96, 1, FramesPerSecond))
            .OutputToFile(plain, overwrite: true, output => output.WithCustomArgument("-frames:v 1 -update 1"))
            .WithLogLevel(FFMpegLogLevel.Error)
            .ProcessAsynchronously();
        File.Move(plain, _videos.File(name));
    }
}
