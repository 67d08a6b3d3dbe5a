using CloudPipe.GpuWorker.Training;
using CloudPipe.Labels;
using CloudPipe.Runs;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training;

[Collection(TorchCollection.Name)]
public sealed class TileBatcherTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_flip_mirrors_within_each_tile_and_leaves_the_order()
    {
        using DisposeScope scope = NewDisposeScope();
        using TileDataset dataset = SyntheticClips.Create(folder.File("a.tiles"), 8);
        var batcher = new TileBatcher(dataset, SyntheticClips.ClassCount);
        int[] clips = [.. Enumerable.Range(0, 8)];

        Tensor plain = batcher.Tiles(clips);
        Tensor varied = batcher.Tiles(clips, new CounterRandom(3), new TrainingRecipe { TileShuffle = false });

        bool[] kept = [.. clips.Select(clip => varied[clip].eq(plain[clip]).all().item<bool>())];
        bool[] mirrored = [.. clips.Select(clip => varied[clip].eq(plain[clip].flip(2)).all().item<bool>())];
        Assert.All(kept.Zip(mirrored), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Contains(true, kept);
        Assert.Contains(true, mirrored);
    }

    [Fact]
    public void A_vertical_flip_mirrors_the_other_way()
    {
        using DisposeScope scope = NewDisposeScope();
        using TileDataset dataset = SyntheticClips.Create(folder.File("a.tiles"), 64);
        var batcher = new TileBatcher(dataset, SyntheticClips.ClassCount);
        int[] clips = [.. Enumerable.Range(0, 64)];

        Tensor plain = batcher.Tiles(clips);
        Tensor varied = batcher.Tiles(clips, new CounterRandom(3), new TrainingRecipe { TileShuffle = false, VerticalFlip = true });

        long[][] flips = [[], [1], [2], [1, 2]];
        int[] seen = [.. clips.Select(clip => Array.FindIndex(flips, axes => varied[clip].eq(axes.Length == 0 ? plain[clip] : plain[clip].flip(axes)).all().item<bool>()))];
        Assert.All(Enumerable.Range(0, 4), flip => Assert.InRange(seen.Count(index => index == flip), 6, 28)); // binomial(64, 1/4): mean 16, deviation 3.5
    }

    [Theory]
    [InlineData(AugmentationKind.None)]
    [InlineData(AugmentationKind.RandAugment)]
    [InlineData(AugmentationKind.AutoAugment)]
    public void All_tiles_of_a_clip_are_varied_alike(AugmentationKind augmentation)
    {
        using DisposeScope scope = NewDisposeScope();
        using TileDataset dataset = SyntheticClips.CreateOfEqualTiles(folder.File("a.tiles"), 12);
        var batcher = new TileBatcher(dataset, SyntheticClips.ClassCount);
        int[] clips = [.. Enumerable.Range(0, 12)];
        var recipe = new TrainingRecipe { HorizontalFlip = false, TileShuffle = false, Rotation = 20, ColorJitter = new(0.4, 0.4, 0.4, 0.1), Augmentation = augmentation };

        Tensor varied = batcher.Tiles(clips, new CounterRandom(3), recipe);

        Assert.True(varied.eq(varied.narrow(1, 0, 1)).all().item<bool>());
        Assert.DoesNotContain(clips, clip => varied[clip].eq(batcher.Tiles([clip])[0]).all().item<bool>());
    }

    [Fact]
    public void Random_frames_are_of_the_tile_s_own_run_and_others_in_each_epoch()
    {
        const int Run = 3;
        using DisposeScope scope = NewDisposeScope();
        using TileDataset dataset = SyntheticClips.CreateNumbered(folder.File("a.tiles"), 8, framesPerTile: Run);
        var batcher = new TileBatcher(dataset, SyntheticClips.ClassCount);
        var recipe = new TrainingRecipe { HorizontalFlip = false, TileShuffle = false, FrameChoice = FrameChoice.Random };
        var seen = new HashSet<int>();

        for (int epoch = 0; epoch < 4; epoch++)
        {
            byte[] frames = [.. batcher.Tiles([0, 1, 2, 3, 4, 5, 6, 7], new CounterRandom(1).At(epoch), recipe).bytes.ToArray().Chunk(dataset.Header.TileBytes).Select(tile => tile[0])];
            for (int i = 0; i < frames.Length; i++)
                Assert.Equal(i % 4, frames[i] / Run);

            seen.UnionWith(frames.Select(frame => (int)frame));
        }

        Assert.Equal(Enumerable.Range(0, 4 * Run), seen.Order());
        byte[] centre = batcher.Tiles([0], new CounterRandom(1), recipe with { FrameChoice = FrameChoice.Centre }).bytes.ToArray();
        Assert.Equal([1, 4, 7, 10], centre.Chunk(dataset.Header.TileBytes).Select(tile => (int)tile[0]));
    }

    [Fact]
    public void A_shuffle_keeps_every_tile_whole()
    {
        using DisposeScope scope = NewDisposeScope();
        using TileDataset dataset = SyntheticClips.Create(folder.File("a.tiles"), 4);
        var batcher = new TileBatcher(dataset, SyntheticClips.ClassCount);

        byte[] plain = [.. batcher.Tiles([2]).bytes];
        byte[] varied = [.. batcher.Tiles([2], new CounterRandom(5), new TrainingRecipe { HorizontalFlip = false }).bytes];

        int tileBytes = dataset.SampleBytes / 4;
        Assert.NotEqual(plain, varied);
        Assert.Equal(plain.Chunk(tileBytes).Select(Convert.ToHexString).Order(), varied.Chunk(tileBytes).Select(Convert.ToHexString).Order());
    }

    [Fact]
    public void Frames_that_are_named_are_read_and_change_places_within_their_super_image()
    {
        using DisposeScope scope = NewDisposeScope();
        LabelledVideo[] videos = [new("a.mp4", []), new("b.mp4", [])];
        var header = new TileDatasetHeader("numbered", Grid: 2, TileSize: 16, videos, Frames: 12);
        TileDataset.Write(folder.File("a.tiles"), header, clip => Enumerable.Range(0, header.StoredBytes).Select(i => (byte)((i / header.TileBytes) + (20 * clip))).ToArray());
        using TileDataset dataset = TileDataset.Open(folder.File("a.tiles"));
        var batcher = new TileBatcher(dataset, SyntheticClips.ClassCount);
        int[][] frames = [[0, 1, 5, 6, 8, 9, 10, 11], [4, 5, 6, 7, 0, 1, 2, 3]];

        byte[][] plain = NumbersOf(batcher.Tiles([1, 0], frames));
        byte[][] varied = NumbersOf(batcher.Tiles([1, 0], new CounterRandom(4), new TrainingRecipe(), frames: frames));

        Assert.Equal([20, 21, 25, 26, 28, 29, 30, 31], plain[0]);
        Assert.Equal([4, 5, 6, 7, 0, 1, 2, 3], plain[1]);
        foreach ((byte[] before, byte[] after) in plain.Zip(varied))
        {
            Assert.NotEqual(before, after);
            Assert.Equal(before[..4].Order(), after[..4].Order());
            Assert.Equal(before[4..].Order(), after[4..].Order());
        }

        static byte[][] NumbersOf(Tensor tiles) => [.. Enumerable.Range(0, 2).Select(clip => tiles[clip].select(1, 7).select(1, 3).select(1, 2).contiguous().data<byte>().ToArray())];
    }

    [Fact]
    public void What_a_clip_gets_does_not_depend_on_its_batch()
    {
        using DisposeScope scope = NewDisposeScope();
        using TileDataset dataset = SyntheticClips.Create(folder.File("a.tiles"), 4);
        var batcher = new TileBatcher(dataset, SyntheticClips.ClassCount);
        var random = new CounterRandom(9);
        var everything = new TrainingRecipe { VerticalFlip = true, Rotation = 10, ColorJitter = new(0.4, 0.4, 0.4, 0.1), Augmentation = AugmentationKind.RandAugment };

        Assert.True(batcher.Tiles([0, 1, 2, 3], random, everything)[3].eq(batcher.Tiles([3, 1], random, everything)[0]).all().item<bool>());
        Assert.False(batcher.Tiles([3], random, everything).eq(batcher.Tiles([3], new CounterRandom(10), everything)).all().item<bool>());
    }

    [Fact]
    public void Targets_are_the_labels()
    {
        using TileDataset dataset = SyntheticClips.Create(folder.File("a.tiles"), 4);
        using Tensor targets = new TileBatcher(dataset, SyntheticClips.ClassCount).Targets([0, 1, 2, 3]);

        Assert.Equal([0, 0, 1, 0, 0, 1, 1, 1], targets.data<float>());
    }

    [Fact]
    public void A_permutation_holds_every_number_once_and_every_place_alike()
    {
        int[] counts = new int[9];
        for (int i = 0; i < 9000; i++)
        {
            int[] order = new CounterRandom(1).At(i).Permutation(9);
            Assert.Equal(Enumerable.Range(0, 9), order.Order());
            counts[order[0]]++;
        }

        // Binomial(9000, 1/9): mean 1000, deviation 30.
        Assert.All(counts, count => Assert.InRange(count, 850, 1150));
    }
}
