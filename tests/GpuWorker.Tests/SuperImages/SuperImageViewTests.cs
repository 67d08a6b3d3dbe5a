using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.Inspections;

namespace CloudPipe.GpuWorker.Tests.SuperImages;

public sealed class SuperImageViewTests
{
    private const int TileSize = 5;
    private const int TileBytes = TileSize * TileSize * 3;

    [Fact]
    public void Without_augmentation_there_is_the_plain_view() =>
        Assert.Equal([SuperImageView.Plain], SuperImageView.Of(null, new SuperImageFrames(27, 9), 9));

    [Fact]
    public void Each_choice_adds_its_views_to_the_plain_one()
    {
        var augmentation = new TestTimeAugmentation(Flip: true, Shuffle: 3, Seed: 5, Resample: true);
        var frames = new SuperImageFrames(36, 9);

        IReadOnlyList<SuperImageView> views = SuperImageView.Of(augmentation, frames, 9);

        Assert.Equal(augmentation.CountViews(frames), views.Count);
        Assert.Equal(SuperImageView.Plain, views[0]);
        Assert.True(views[1].IsMirrored);
        Assert.All(views.Skip(2).Take(3), view => Assert.Equal(Enumerable.Range(0, 9), view.Order!.Order()));
        Assert.Equal(3, views.Skip(2).Take(3).Select(view => string.Join(' ', view.Order!)).Distinct().Count());
        Assert.Equal([0, 2, 3], views.Skip(5).Select(view => view.FramePlace!.Value)); // 1 is the middle, which the plain view shows
    }

    [Fact]
    public void The_orders_are_the_seed_s()
    {
        Assert.Equal(Orders(5), Orders(5));
        Assert.NotEqual(Orders(5), Orders(6));

        static IEnumerable<int> Orders(int seed) => SuperImageView.Of(new TestTimeAugmentation(Shuffle: 4, Seed: seed), new SuperImageFrames(9, 9), 9).Skip(1).SelectMany(view => view.Order!);
    }

    [Fact]
    public void An_image_has_no_other_frame() =>
        Assert.Single(SuperImageView.Of(new TestTimeAugmentation(Resample: true), new SuperImageFrames(1, 9), 9));

    [Fact]
    public void A_mirrored_view_mirrors_within_each_tile_and_twice_is_nothing()
    {
        byte[] tiles = Tiles();
        var mirrored = new SuperImageView(IsMirrored: true);

        mirrored.Arrange(tiles, TileSize);

        byte[] original = Tiles();
        for (int i = 0; i < tiles.Length; i++)
        {
            int pixel = i / 3;
            int column = pixel % TileSize;
            Assert.Equal(original[((pixel - column + TileSize - 1 - column) * 3) + (i % 3)], tiles[i]);
        }

        mirrored.Arrange(tiles, TileSize);
        Assert.Equal(original, tiles);
    }

    [Fact]
    public void An_ordered_view_moves_whole_tiles()
    {
        byte[] tiles = Tiles();

        new SuperImageView(Order: [2, 0, 3, 1]).Arrange(tiles, TileSize);

        byte[][] original = [.. Tiles().Chunk(TileBytes)];
        Assert.Equal([.. original[2], .. original[0], .. original[3], .. original[1]], tiles);
    }

    private static byte[] Tiles()
    {
        byte[] tiles = new byte[4 * TileBytes];
        new Random(1).NextBytes(tiles);
        return tiles;
    }
}
