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

    private readonly int tileSize = dataset.Header.TileSize;
    private readonly int tileCount = dataset.Header.Grid * dataset.Header.Grid;
    private readonly int tileBytes = dataset.Header.TileBytes;
    private byte[] sample = [];

    /// <summary>The clips as a view shows them, by default as they are.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="frames">The stored frames that are shown of each; <see langword="null"/> for those of a super-image.</param>
    /// <param name="view">The view.</param>
    /// <returns>Bytes <c>[N, grid² or frames, tile, tile, 3]</c>.</returns>
    public Tensor Tiles(ReadOnlySpan<int> clips, IReadOnlyList<int[]>? frames = null, SuperImageView? view = null)
    {
        view ??= SuperImageView.Plain;
        Tensor tiles = Empty(clips.Length, frames);
        int clipBytes = ClipBytes(frames);
        for (int i = 0; i < clips.Length; i++)
        {
            Span<byte> clip = tiles.bytes.Slice(i * clipBytes, clipBytes);
            if (frames is null)
                dataset.Read(clips[i], clip, view.FramePlace);
            else
                Read(clips[i], frames[i], clip);

            view.Arrange(clip, tileSize);
        }

        return tiles;
    }

    /// <summary>The clips, varied.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="epoch">The epoch's random numbers.</param>
    /// <param name="recipe">How.</param>
    /// <param name="mayShuffle">Whether tiles may stand in another order than time's: within each grid² of them.</param>
    /// <param name="frames">The stored frames that are shown of each; <see langword="null"/> for those of a super-image.</param>
    /// <returns>Bytes <c>[N, grid² or frames, tile, tile, 3]</c>.</returns>
    public Tensor Tiles(ReadOnlySpan<int> clips, CounterRandom epoch, TrainingRecipe recipe, bool mayShuffle = true, IReadOnlyList<int[]>? frames = null)
    {
        var augmentation = new ClipAugmentation(recipe, tileSize);
        Tensor tiles = Empty(clips.Length, frames);
        int clipBytes = ClipBytes(frames);
        if (sample.Length != clipBytes)
            sample = new byte[clipBytes];

        int count = clipBytes / tileBytes;
        for (int i = 0; i < clips.Length; i++)
        {
            CounterRandom random = epoch.At(clips[i]);
            if (frames is null)
                Read(clips[i], recipe.FrameChoice, random.At(FramesPlace));
            else
                Read(clips[i], frames[i], sample);

            if (augmentation.Draw(random.At(AugmentationPlace)) is { Count: > 0 } operations)
                Parallel.For(0, count, tile => Apply(operations, tile));

            bool flip = recipe.HorizontalFlip && (random.At(HorizontalFlipPlace).Bits & 1) == 1;
            bool turn = recipe.VerticalFlip && (random.At(VerticalFlipPlace).Bits & 1) == 1;
            int[]? order = recipe.TileShuffle && mayShuffle ? Order(random.At(OrderPlace), count) : null;
            TileArrangement.Copy(sample, tiles.bytes.Slice(i * clipBytes, clipBytes), tileSize, order, flip, turn);
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

    private int ClipBytes(IReadOnlyList<int[]>? frames) => (frames?[0].Length ?? tileCount) * tileBytes;

    private Tensor Empty(int count, IReadOnlyList<int[]>? frames) => empty([count, frames?[0].Length ?? tileCount, tileSize, tileSize, 3], dtype: ScalarType.Byte);

    private void Read(int clip, FrameChoice choice, CounterRandom random)
    {
        SuperImageFrames runs = dataset.Frames;
        if (choice == FrameChoice.Centre || runs.RunLength == 1)
        {
            dataset.Read(clip, sample);
            return;
        }

        for (int tile = 0; tile < tileCount; tile++)
            dataset.ReadStored(clip, runs.IndexOf(tile, random.At(tile).Below(runs.RunLength)), sample.AsSpan(tile * tileBytes, tileBytes));
    }

    private void Read(int clip, int[] frames, Span<byte> tiles)
    {
        // What lies side by side is read at once.
        for (int first = 0, next; first < frames.Length; first = next)
        {
            next = first + 1;
            while (next < frames.Length && frames[next] == frames[next - 1] + 1)
                next++;

            dataset.ReadStored(clip, frames[first], tiles[(first * tileBytes)..(next * tileBytes)]);
        }
    }

    // The first super-image's order is that of a clip which has no more.
    private int[] Order(CounterRandom random, int count) =>
    [
        .. random.Permutation(Math.Min(count, tileCount)),
        .. Enumerable.Range(1, Math.Max(0, (count / tileCount) - 1)).SelectMany(superImage => random.At(-superImage).Permutation(tileCount).Select(tile => (superImage * tileCount) + tile)),
    ];

    private void Apply(IReadOnlyList<TileOperation> operations, int tile)
    {
        foreach (TileOperation operation in operations)
            operation.Apply(sample.AsSpan(tile * tileBytes, tileBytes), tileSize);
    }
}
