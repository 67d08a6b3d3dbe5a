using System.Diagnostics;
using System.Text.Json;
using CloudPipe.Datasets;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Runs;
using CloudPipe.Shards;
using CloudPipe.Storage;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Training;

public sealed class TileDatasetBuilderTests : IDisposable
{
    private const int Grid = 2;
    private const int TileSize = 32;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_data_set_s_tiles_are_those_of_an_inspection()
    {
        await WriteVideosAsync(["a.mp4", "b.mp4"]);
        (IBlobStore store, Dataset stored) = await ImportAsync(DatasetCut.Uniform(Grid, TileSize));

        using TileDataset dataset = await Builder().BuildAsync(store, stored, folder.File("cache"), CancellationToken.None);

        Assert.Equal(["a.mp4", "b.mp4"], dataset.Header.Videos.Select(video => video.Name));
        byte[] tiles = new byte[dataset.SampleBytes];
        for (int clip = 0; clip < dataset.Count; clip++)
        {
            dataset.Read(clip, tiles);
            Assert.Equal(await CutAsync(dataset.Header.Videos[clip].Name), tiles);
        }
    }

    [Fact]
    public async Task What_was_built_is_used_again()
    {
        await WriteVideosAsync(["a.mp4"]);
        (IBlobStore store, Dataset stored) = await ImportAsync(DatasetCut.Uniform(Grid, TileSize));
        (await Builder().BuildAsync(store, stored, folder.File("cache"), CancellationToken.None)).Dispose();
        await store.DeleteAsync(Dataset.ShardPath(stored.Name, 0));

        using TileDataset again = await Builder().BuildAsync(store, stored, folder.File("cache"), CancellationToken.None);

        Assert.Equal(1, again.Count);
        await Assert.ThrowsAsync<TrainingException>(() => new TileDatasetBuilder(2 * TileSize, 1).BuildAsync(store, stored, folder.File("cache"), CancellationToken.None));
    }

    [Fact]
    public async Task Of_dense_frames_a_clip_shows_those_of_uniform_sampling_and_gives_out_all()
    {
        await WriteVideosAsync(["a.mp4"]);
        (IBlobStore store, Dataset stored) = await ImportAsync(new DatasetCut(Grid, TileSize, 3 * Grid * Grid, FrameSampling.Dense));

        using TileDataset dataset = await Builder().BuildAsync(store, stored, folder.File("cache"), CancellationToken.None);

        byte[] tiles = new byte[dataset.SampleBytes];
        dataset.Read(0, tiles);
        Assert.Equal(await CutAsync("a.mp4"), tiles);
        Assert.Equal(12, dataset.Header.StoredTiles);
        byte[] second = new byte[dataset.Header.TileBytes];
        dataset.ReadStored(0, 4, second);
        Assert.Equal(tiles.AsSpan(dataset.Header.TileBytes, dataset.Header.TileBytes).ToArray(), second);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.ReadStored(0, 12, second));
    }

    [Theory]
    [InlineData(Grid * Grid, FrameSampling.Sequence)]
    [InlineData(2 * Grid * Grid, FrameSampling.Sequence)]
    [InlineData(4 * Grid * Grid, FrameSampling.Dense)]
    public async Task Training_shows_the_tiles_that_scoring_shows(int frames, FrameSampling sampling)
    {
        await WriteVideosAsync(["a.mp4"]);
        (IBlobStore store, Dataset stored) = await ImportAsync(new DatasetCut(Grid, TileSize, frames, sampling));

        using TileDataset dataset = await Builder().BuildAsync(store, stored, folder.File("cache"), CancellationToken.None);

        byte[] tiles = new byte[dataset.SampleBytes];
        dataset.Read(0, tiles);
        Assert.Equal(await CutAsync("a.mp4", frames, sampling), tiles);
        Assert.NotEqual(await CutAsync("a.mp4"), tiles);
    }

    [Fact]
    public async Task An_image_is_stored_once_and_fills_every_place()
    {
        Directory.CreateDirectory(folder.File("clips"));
        await FfmpegAsync("-f", "lavfi", "-i", "testsrc=s=64x64:r=1:d=1", "-frames:v", "1", "-update", "1", folder.File("clips/a.png"));
        WriteLabels(["a.png"]);
        (IBlobStore store, Dataset stored) = await ImportAsync(DatasetCut.Uniform(Grid, TileSize));

        using TileDataset dataset = await Builder().BuildAsync(store, stored, folder.File("cache"), CancellationToken.None);

        Assert.Equal(1, dataset.Header.StoredTiles);
        byte[] tiles = new byte[dataset.SampleBytes];
        dataset.Read(0, tiles);
        Assert.All(tiles.Chunk(dataset.Header.TileBytes), tile => Assert.Equal(tiles[..dataset.Header.TileBytes], tile));
        Assert.NotEqual(tiles[0], tiles[dataset.Header.TileBytes / 2]);
    }

    [Fact]
    public async Task An_image_among_videos_fills_every_place()
    {
        await WriteVideosAsync(["a.mp4"]);
        await FfmpegAsync("-f", "lavfi", "-i", "color=c=red:s=64x64", "-frames:v", "1", "-update", "1", folder.File("clips/b.png"));
        WriteLabels(["a.mp4", "b.png"]);
        (IBlobStore store, Dataset stored) = await ImportAsync(DatasetCut.Uniform(Grid, TileSize));

        using TileDataset dataset = await Builder().BuildAsync(store, stored, folder.File("cache"), CancellationToken.None);

        byte[] tiles = new byte[dataset.SampleBytes];
        dataset.Read(1, tiles);
        Assert.All(tiles.Chunk(3), pixel => Assert.InRange(pixel[0], 240, 255));
        dataset.Read(0, tiles);
        Assert.Equal(await CutAsync("a.mp4"), tiles);
    }

    [Fact]
    public async Task A_data_set_that_does_not_fit_says_why()
    {
        await WriteVideosAsync(["a.mp4", "b.mp4"]);
        (IBlobStore store, Dataset stored) = await ImportAsync(DatasetCut.Uniform(Grid, TileSize));
        long bytes = 2L * Grid * Grid * TileSize * TileSize * 3;

        await RefusedAsync(new TileDatasetBuilder(TileSize, 1, bytes - 1), "GB");
        (await new TileDatasetBuilder(TileSize, 1, bytes).BuildAsync(store, stored, folder.File("cache"), CancellationToken.None)).Dispose();
        await store.DeleteAsync(Dataset.ShardPath(stored.Name, 0));
        await RefusedAsync(new TileDatasetBuilder(2 * TileSize, 1), "missing");
        Assert.Single(Directory.EnumerateFiles(folder.File("cache")));

        async Task RefusedAsync(TileDatasetBuilder builder, string expected) => Assert.Contains(
            expected,
            (await Assert.ThrowsAsync<TrainingException>(() => builder.BuildAsync(store, stored, folder.File("cache"), CancellationToken.None))).Message,
            StringComparison.Ordinal);
    }

    private static TileDatasetBuilder Builder() => new(TileSize, parallelism: 2);

    private static async Task FfmpegAsync(params string[] arguments)
    {
        using Process ffmpeg = Process.Start("ffmpeg", ["-v", "error", "-y", .. arguments]);
        await ffmpeg.WaitForExitAsync();
        Assert.Equal(0, ffmpeg.ExitCode);
    }

    private async Task<(IBlobStore Store, Dataset Dataset)> ImportAsync(DatasetCut cut)
    {
        var store = new FolderBlobStore(folder.File("bucket"));
        await store.CreateContainersAsync([BlobContainers.Datasets]);
        var import = new DatasetImport("data", DatasetFormat.QvPipe, QvPipeTaxonomy.Taxonomy, folder.File("clips"), DatasetLabels.Read(DatasetFormat.QvPipe, folder.File("labels.json"), QvPipeTaxonomy.Taxonomy), cut);
        return (store, await new DatasetImporter(store, parallelism: 2).ImportAsync(import));
    }

    // As the cut and the score step of an inspection do, without the import between them.
    private async Task<byte[]> CutAsync(string name, int? frames = null, FrameSampling sampling = FrameSampling.Uniform)
    {
        var store = new FolderBlobStore(folder.File("inspected"));
        await store.CreateContainersAsync([BlobContainers.Inspections]);
        await store.WriteBytesAsync(new BlobPath(BlobContainers.Inspections, name), File.ReadAllBytes(folder.File($"clips/{name}")));
        UploadHead upload = (await UploadHead.ReadAsync(store, new BlobPath(BlobContainers.Inspections, name)))!;
        var options = new InspectionOptions();
        VideoInfo video = await new VideoProbe(store, options).ProbeAsync(upload);
        var plan = new InspectionPlan("x", name, upload.Properties.ETag, default, default, "x", Grid, TileSize, [], video, [new Segment(0, 0, video.DurationSeconds)], [new Shard(0, 0, 1)]) { Frames = frames, Sampling = sampling };
        await foreach (SegmentTiles tiles in TileDecoder.DecodeAsync(await new ShardCutter(store, options).CutAsync(plan, 0), TileSize))
        {
            using (tiles)
            {
                byte[] shown = new byte[Grid * Grid * TileSize * TileSize * 3];
                tiles.CopySuperImage(Grid * Grid, shown);
                return shown;
            }
        }

        throw new InvalidOperationException("no tiles");
    }

    private async Task WriteVideosAsync(string[] names, string tint = "black")
    {
        Directory.CreateDirectory(folder.File("clips"));
        foreach (string name in names)
            await FfmpegAsync("-f", "lavfi", "-i", "testsrc=s=96x64:r=10:d=3", "-vf", $"drawbox=c={tint}:w={10 + name[0]}:h=20:t=fill", "-c:v", "libx264", "-pix_fmt", "yuv420p", folder.File($"clips/{name}"));

        WriteLabels(names);
    }

    private void WriteLabels(string[] names) => File.WriteAllText(folder.File("labels.json"), JsonSerializer.Serialize(names.Index().ToDictionary(entry => entry.Item, entry => new[] { 1 + entry.Index })));
}
