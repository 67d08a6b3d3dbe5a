using CloudPipe.GpuWorker.SuperImages;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.SuperImages;

[Collection(TorchCollection.Name)]
public sealed class SuperImageBuilderTests
{
    private static readonly double[] Mean = [0.5, 0.25, 0.125];
    private static readonly double[] Deviation = [0.5, 0.25, 0.2];

    [Fact]
    public void Tiles_stand_row_by_row_and_pixels_are_normalised()
    {
        using DisposeScope scope = NewDisposeScope();
        const int Grid = 3, Tile = 4;
        byte[] tiles = new byte[2 * Grid * Grid * Tile * Tile * 3];
        new Random(1).NextBytes(tiles);

        Tensor images = new SuperImageBuilder(Grid, Tile, Mean, Deviation).Build(tiles, Tile);

        Assert.Equal([2, 3, 12, 12], images.shape);
        float[] values = [.. images.contiguous().data<float>()];
        for (int n = 0; n < 2; n++)
            for (int t = 0; t < Grid * Grid; t++)
                for (int y = 0; y < Tile; y++)
                    for (int x = 0; x < Tile; x++)
                        for (int c = 0; c < 3; c++)
                        {
                            byte pixel = tiles[(((((((n * Grid * Grid) + t) * Tile) + y) * Tile) + x) * 3) + c];
                            double expected = ((pixel / 255.0) - Mean[c]) / Deviation[c];
                            int row = (t / Grid * Tile) + y, column = (t % Grid * Tile) + x;
                            Assert.Equal(expected, values[(((((n * 3) + c) * 12) + row) * 12) + column], 1e-5);
                        }
    }

    [Fact]
    public void Tiles_of_another_size_are_resampled_by_area()
    {
        using DisposeScope scope = NewDisposeScope();
        byte[] tiles = [.. Enumerable.Range(0, 4 * 4 * 3).Select(i => (byte)(i / 3 * 10))];

        Tensor images = new SuperImageBuilder(1, 2, [0, 0, 0], [1, 1, 1]).Build(tiles, 4);

        // The mean of pixels 0, 1, 4 and 5 is 25.
        Assert.Equal([1, 3, 2, 2], images.shape);
        Assert.Equal(25 / 255.0, images[0, 0, 0, 0].item<float>(), 1e-6);
    }

    [Fact]
    public void Tiles_of_the_wrong_shape_are_refused()
    {
        var builder = new SuperImageBuilder(3, 4, Mean, Deviation);
        using Tensor four = zeros([1, 4, 4, 4, 3], dtype: ScalarType.Byte);

        Assert.Contains("[1, 4, 4, 4, 3]", Assert.Throws<ArgumentException>(() => builder.Build(four)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => builder.Build(new byte[100], 4));
    }

    [Fact]
    public void Building_leaves_no_tensor_behind()
    {
        var builder = new SuperImageBuilder(3, 4, Mean, Deviation);
        long before = LiveTensors.CountSettled();
        for (int i = 0; i < 3; i++)
            builder.Build(new byte[9 * 4 * 4 * 3], 4).Dispose();

        Assert.Equal(before, Tensor.TotalCount);
    }
}
