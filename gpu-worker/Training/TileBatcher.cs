using System.Runtime.Intrinsics;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Collects clips into batches of tiles, and varies them in training: tiles in a random order, and mirrored left to right.
/// What a clip gets depends on the seed, the epoch and the clip alone.
/// </summary>
internal sealed class TileBatcher(TileDataset dataset, int classCount)
{
    private byte[] sample = [];
    private readonly int tileSize = dataset.Header.TileSize;
    private readonly int tileCount = dataset.Header.Grid * dataset.Header.Grid;

    /// <summary>The clips as they are: bytes <c>[N, grid², tile, tile, 3]</c>, or those stored frames that are named of each.</summary>
    public Tensor Tiles(ReadOnlySpan<int> clips, IReadOnlyList<int[]>? frames = null)
    {
        Tensor tiles = Empty(clips.Length, frames);
        int clipBytes = ClipBytes(frames);
        for (int i = 0; i < clips.Length; i++)
            Read(clips[i], frames?[i], tiles.bytes.Slice(i * clipBytes, clipBytes));

        return tiles;
    }

    /// <summary>The clips, varied: tiles change places within grid² of them, and all of a clip are mirrored alike.</summary>
    public Tensor Tiles(ReadOnlySpan<int> clips, CounterRandom epoch, bool horizontalFlip, bool tileShuffle, IReadOnlyList<int[]>? frames = null)
    {
        Tensor tiles = Empty(clips.Length, frames);
        int clipBytes = ClipBytes(frames);
        if (sample.Length != clipBytes)
            sample = new byte[clipBytes];

        for (int i = 0; i < clips.Length; i++)
        {
            Read(clips[i], frames?[i], sample);
            CounterRandom random = epoch.At(clips[i]);
            bool flip = horizontalFlip && (random.At(0).Bits & 1) == 1;
            int[]? order = tileShuffle ? Order(random.At(1), clipBytes / dataset.Header.TileBytes) : null;
            Place(tiles.bytes.Slice(i * clipBytes, clipBytes), order, flip);
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

    private int ClipBytes(IReadOnlyList<int[]>? frames) => (frames?[0].Length ?? tileCount) * dataset.Header.TileBytes;

    private Tensor Empty(int count, IReadOnlyList<int[]>? frames) => empty([count, frames?[0].Length ?? tileCount, tileSize, tileSize, 3], dtype: ScalarType.Byte);

    private void Read(int clip, int[]? frames, Span<byte> tiles)
    {
        if (frames is null)
        {
            dataset.Read(clip, tiles);
            return;
        }

        // What lies side by side is read at once.
        int tileBytes = dataset.Header.TileBytes;
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

    private void Place(Span<byte> destination, int[]? order, bool flip)
    {
        int rowBytes = tileSize * 3;
        int tileBytes = tileSize * rowBytes;
        for (int position = 0; position < destination.Length / tileBytes; position++)
        {
            ReadOnlySpan<byte> tile = sample.AsSpan((order?[position] ?? position) * tileBytes, tileBytes);
            Span<byte> target = destination.Slice(position * tileBytes, tileBytes);
            if (!flip)
            {
                tile.CopyTo(target);
                continue;
            }

            for (int start = 0; start < tileBytes; start += rowBytes)
                Mirror(tile.Slice(start, rowBytes), target.Slice(start, rowBytes));
        }
    }

    /// <summary>Writes a row of red, green and blue bytes from its last pixel to its first.</summary>
    private static void Mirror(ReadOnlySpan<byte> row, Span<byte> mirrored)
    {
        // Five pixels at a time, the last 15 of 16 bytes read, the first 15 of 16 bytes written: the next five cover the 16th.
        const int Step = 15;
        int written = 0;
        for (; written + Vector128<byte>.Count <= row.Length && row.Length - written > Step; written += Step)
        {
            var pixels = Vector128.Create(row.Slice(row.Length - written - Vector128<byte>.Count, Vector128<byte>.Count));
            Vector128.Shuffle(pixels, Vector128.Create((byte)13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, 0)).CopyTo(mirrored[written..]);
        }

        for (; written < row.Length; written += 3)
            row.Slice(row.Length - written - 3, 3).CopyTo(mirrored[written..]);
    }
}
