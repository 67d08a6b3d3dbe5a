using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.GpuWorker.Training.Augmentation;
using CloudPipe.Inspections;
using CloudPipe.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Collects clips into batches of tiles, and varies them in training: in a random order, mirrored, turned and coloured as the
/// recipe says. What a clip gets depends on the seed, the epoch and the clip alone, and all its tiles get the same: they are
/// of one video.
/// </summary>
internal sealed class TileBatcher(TileDataset dataset, int classCount)
{
    // Places of a clip's random numbers.
    private const long HorizontalFlipPlace = 0;
    private const long OrderPlace = 1;
    private const long VerticalFlipPlace = 2;
    private const long AugmentationPlace = 3;
    private const long FramesPlace = 4;

    private readonly byte[] sample = new byte[dataset.SampleBytes];
    private readonly int tileSize = dataset.Header.TileSize;
    private readonly int tileCount = dataset.Header.Grid * dataset.Header.Grid;
    private readonly int tileBytes = dataset.Header.TileBytes;

    /// <summary>The clips as a view shows them, by default as they are: bytes <c>[N, grid², tile, tile, 3]</c>.</summary>
    public Tensor Tiles(ReadOnlySpan<int> clips, SuperImageView? view = null)
    {
        view ??= SuperImageView.Plain;
        Tensor tiles = Empty(clips.Length);
        for (int i = 0; i < clips.Length; i++)
        {
            Span<byte> clip = tiles.bytes.Slice(i * dataset.SampleBytes, dataset.SampleBytes);
            dataset.Read(clips[i], clip, view.FramePlace);
            view.Arrange(clip, tileSize);
        }

        return tiles;
    }

    /// <summary>The clips, varied.</summary>
    public Tensor Tiles(ReadOnlySpan<int> clips, CounterRandom epoch, TrainingRecipe recipe)
    {
        var augmentation = new ClipAugmentation(recipe, tileSize);
        Tensor tiles = Empty(clips.Length);
        for (int i = 0; i < clips.Length; i++)
        {
            CounterRandom random = epoch.At(clips[i]);
            Read(clips[i], recipe.FrameChoice, random.At(FramesPlace));
            if (augmentation.Draw(random.At(AugmentationPlace)) is { Count: > 0 } operations)
                Parallel.For(0, tileCount, tile => Apply(operations, tile));

            bool flip = recipe.HorizontalFlip && (random.At(HorizontalFlipPlace).Bits & 1) == 1;
            bool turn = recipe.VerticalFlip && (random.At(VerticalFlipPlace).Bits & 1) == 1;
            int[]? order = recipe.TileShuffle ? random.At(OrderPlace).Permutation(tileCount) : null;
            Place(tiles.bytes.Slice(i * dataset.SampleBytes, dataset.SampleBytes), order, flip, turn);
        }

        return tiles;
    }

    /// <summary>The clips' labels: 0 or 1, float32, <c>[N, classes]</c>.</summary>
    public Tensor Targets(ReadOnlySpan<int> clips)
    {
        float[] targets = new float[clips.Length * classCount];
        for (int i = 0; i < clips.Length; i++)
        {
            foreach (int label in dataset.Header.Videos[clips[i]].Labels)
                targets[(i * classCount) + label] = 1;
        }

        return tensor(targets, [clips.Length, classCount]);
    }

    private Tensor Empty(int count) => empty([count, tileCount, tileSize, tileSize, 3], dtype: ScalarType.Byte);

    private void Read(int clip, FrameChoice choice, CounterRandom random)
    {
        SuperImageFrames frames = dataset.Frames;
        if (choice == FrameChoice.Centre || frames.RunLength == 1)
        {
            dataset.Read(clip, sample);
            return;
        }

        for (int tile = 0; tile < tileCount; tile++)
            dataset.ReadStored(clip, frames.IndexOf(tile, random.At(tile).Below(frames.RunLength)), sample.AsSpan(tile * tileBytes, tileBytes));
    }

    private void Apply(IReadOnlyList<TileOperation> operations, int tile)
    {
        foreach (TileOperation operation in operations)
            operation.Apply(sample.AsSpan(tile * tileBytes, tileBytes), tileSize);
    }

    private void Place(Span<byte> destination, int[]? order, bool flip, bool turn)
    {
        int rowBytes = tileSize * 3;
        for (int position = 0; position < tileCount; position++)
        {
            ReadOnlySpan<byte> tile = sample.AsSpan((order?[position] ?? position) * tileBytes, tileBytes);
            Span<byte> target = destination.Slice(position * tileBytes, tileBytes);
            if (!flip && !turn)
            {
                tile.CopyTo(target);
                continue;
            }

            for (int start = 0; start < tileBytes; start += rowBytes)
            {
                ReadOnlySpan<byte> row = tile.Slice(turn ? tileBytes - rowBytes - start : start, rowBytes);
                if (flip)
                    PixelRow.Mirror(row, target.Slice(start, rowBytes));
                else
                    row.CopyTo(target.Slice(start, rowBytes));
            }
        }
    }
}
