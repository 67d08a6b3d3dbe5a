using CloudPipe.GpuWorker.Training;
using CloudPipe.Runs;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Training;

public sealed class TileDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Clips_come_back_as_they_went()
    {
        using TileDataset dataset = SyntheticClips.Create(folder.File("a.tiles"), 5);

        Assert.Equal(5, dataset.Count);
        Assert.Equal([0, 1], dataset.Labels[3]);
        byte[] tiles = new byte[dataset.SampleBytes];
        for (int clip = 0; clip < dataset.Count; clip++)
        {
            dataset.Read(clip, tiles);
            Assert.Equal(SyntheticClips.Tiles(dataset.Header, clip), tiles);
        }
    }

    [Fact]
    public void A_cache_that_is_cut_off_or_something_else_is_refused()
    {
        SyntheticClips.Create(folder.File("a.tiles"), 3).Dispose();
        byte[] whole = File.ReadAllBytes(folder.File("a.tiles"));
        foreach (int length in new[] { 0, 7, 16, 100, whole.Length - 1 })
        {
            File.WriteAllBytes(folder.File("b.tiles"), whole[..length]);
            Assert.Contains("b.tiles", Assert.Throws<TrainingException>(() => TileDataset.Open(folder.File("b.tiles"))).Message, StringComparison.Ordinal);
        }
    }
}
