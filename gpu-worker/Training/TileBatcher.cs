using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Collects clips into batches of tiles, and varies them in training: tiles in a random order, and mirrored left to right.
/// What a clip gets depends on the seed, the epoch and the clip alone.
/// </summary>
internal sealed class TileBatcher(TileDataset dataset, int classCount)
{
    private readonly byte[] sample = new byte[dataset.SampleBytes];
    private readonly int tileSize = dataset.Header.TileSize;
    private readonly int tileCount = dataset.Header.Grid * dataset.Header.Grid;

    /// <summary>The clips as they are: bytes <c>[N, grid², tile, tile, 3]</c>.</summary>
    public Tensor Tiles(ReadOnlySpan<int> clips)
    {
        Tensor tiles = Empty(clips.Length);
        for (int i = 0; i < clips.Length; i++)
            dataset.Read(clips[i], tiles.bytes.Slice(i * dataset.SampleBytes, dataset.SampleBytes));

        return tiles;
    }

    /// <summary>The clips, varied.</summary>
    public Tensor Tiles(ReadOnlySpan<int> clips, CounterRandom epoch, bool horizontalFlip, bool tileShuffle)
    {
        Tensor tiles = Empty(clips.Length);
        for (int i = 0; i < clips.Length; i++)
        {
            dataset.Read(clips[i], sample);
            CounterRandom random = epoch.At(clips[i]);
            bool flip = horizontalFlip && (random.At(0).Bits & 1) == 1;
            int[]? order = tileShuffle ? random.At(1).Permutation(tileCount) : null;
            Place(tiles.bytes.Slice(i * dataset.SampleBytes, dataset.SampleBytes), order, flip);
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

    private void Place(Span<byte> destination, int[]? order, bool flip)
    {
        int rowBytes = tileSize * 3;
        int tileBytes = tileSize * rowBytes;
        for (int position = 0; position < tileCount; position++)
        {
            ReadOnlySpan<byte> tile = sample.AsSpan((order?[position] ?? position) * tileBytes, tileBytes);
            Span<byte> target = destination.Slice(position * tileBytes, tileBytes);
            if (!flip)
            {
                tile.CopyTo(target);
                continue;
            }

            for (int start = 0; start < tileBytes; start += rowBytes)
            {
                for (int column = 0; column < rowBytes; column += 3)
                    tile.Slice(start + column, 3).CopyTo(target[(start + rowBytes - 3 - column)..]);
            }
        }
    }
}
