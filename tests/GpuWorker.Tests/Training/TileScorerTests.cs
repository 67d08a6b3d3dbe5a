using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Inspections;
using CloudPipe.Runs;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training;

[Collection(TorchCollection.Name)]
public sealed class TileScorerTests : IDisposable
{
    private const int Frames = 3;

    private static readonly TrainingRecipe Recipe = new() { Mean = [0.5, 0.5, 0.5], StandardDeviation = [0.25, 0.25, 0.25] };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Of_several_views_a_clip_gets_the_average()
    {
        var augmentation = new TestTimeAugmentation(Flip: true, Shuffle: 2, Seed: 3, Resample: true);
        using TileDataset dataset = SyntheticClips.CreateDense(folder.File("a.tiles"), 5, Frames, tileSize: 32);
        using nn.Module<Tensor, Tensor> network = Network();
        var scorer = new TileScorer(dataset, Method.Of(Recipe, dataset.Header), batchSize: 2, CPU);
        int[] clips = [4, 0, 3, 1, 2];
        long before = LiveTensors.CountSettled();

        double[][] averaged = scorer.Score(network, clips, CancellationToken.None, augmentation);

        Assert.Equal(before, Tensor.TotalCount);
        IReadOnlyList<SuperImageView> views = SuperImageView.Of(augmentation, dataset.Frames, 4);
        Assert.Equal(6, views.Count);
        for (int i = 0; i < clips.Length; i++)
        {
            double[][] rows = [.. views.Select(view => Score(network, dataset, clips[i], view))];
            Assert.Equal(views.Count, rows.DistinctBy(row => row[0]).Count());
            Assert.All(averaged[i].Index(), entry => Assert.Equal(rows.Average(row => row[entry.Index]), entry.Item, 1e-6));
        }
    }

    [Fact]
    public void One_view_is_the_plain_one()
    {
        using TileDataset dataset = SyntheticClips.CreateDense(folder.File("a.tiles"), 2, Frames, tileSize: 32);
        using nn.Module<Tensor, Tensor> network = Network();

        double[][] rows = new TileScorer(dataset, Method.Of(Recipe, dataset.Header), batchSize: 1, CPU).Score(network, [0, 1], CancellationToken.None);

        Assert.Equal([Score(network, dataset, 0, SuperImageView.Plain), Score(network, dataset, 1, SuperImageView.Plain)], rows);
    }

    // Not symmetric, nor alike for every order of the tiles: its layers see beyond a tile's edge.
    private static nn.Module<Tensor, Tensor> Network()
    {
        manual_seed(2);
        nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(SyntheticClips.ClassCount, LayerScaleInitialValue: 1));
        network.eval();
        return network;
    }

    private static SuperImageBuilder SuperImages(TileDataset dataset) => new(2, dataset.Header.TileSize, Recipe.Mean, Recipe.StandardDeviation);

    private static double[] Score(nn.Module<Tensor, Tensor> network, TileDataset dataset, int clip, SuperImageView view)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        byte[] tiles = new byte[dataset.SampleBytes];
        for (int tile = 0; tile < 4; tile++)
            dataset.ReadStored(clip, dataset.Frames.IndexOf(tile, view.FramePlace ?? 1), tiles.AsSpan(tile * dataset.Header.TileBytes, dataset.Header.TileBytes));

        view.Arrange(tiles, dataset.Header.TileSize);
        return [.. network.call(SuperImages(dataset).Build(tiles, dataset.Header.TileSize)).to_type(ScalarType.Float64).sigmoid().data<double>()];
    }
}
