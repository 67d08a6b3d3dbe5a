using CloudPipe.GpuWorker.Training;
using CloudPipe.Labels;

namespace CloudPipe.GpuWorker.Tests.Training;

/// <summary>Clips whose labels are easy to see: class 0 has red tiles, class 1 green stripes, and some have both or none.</summary>
internal static class SyntheticClips
{
    public const int ClassCount = 2;

    public static TileDataset Create(string path, int count, int grid = 2, int tileSize = 16)
    {
        var header = new TileDatasetHeader("synthetic", grid, tileSize, []);
        return Write(path, count, header, Tiles);
    }

    /// <summary>Clips of several frames a tile, all of noise.</summary>
    public static TileDataset CreateDense(string path, int count, int framesPerTile, int grid = 2, int tileSize = 16) =>
        Write(path, count, new TileDatasetHeader("dense", grid, tileSize, [], grid * grid * framesPerTile), (header, clip) =>
        {
            byte[] frames = new byte[header.StoredBytes];
            new Random(clip).NextBytes(frames);
            return frames;
        });

    /// <summary>Clips whose tiles are all the same.</summary>
    public static TileDataset CreateOfEqualTiles(string path, int count, int grid = 2, int tileSize = 16) =>
        Write(path, count, new TileDatasetHeader("equal", grid, tileSize, []), (header, clip) =>
            [.. Enumerable.Repeat(Tiles(header, clip)[..header.TileBytes], grid * grid).SelectMany(tile => tile)]);

    /// <summary>Clips of several frames a tile, each filled with its number.</summary>
    public static TileDataset CreateNumbered(string path, int count, int framesPerTile, int grid = 2, int tileSize = 16) =>
        Write(path, count, new TileDatasetHeader("numbered", grid, tileSize, [], grid * grid * framesPerTile), (header, _) =>
            [.. Enumerable.Range(0, header.StoredTiles).SelectMany(frame => Enumerable.Repeat((byte)frame, header.TileBytes))]);

    public static byte[] Tiles(TileDatasetHeader header, int clip)
    {
        var random = new Random(clip);
        byte[] tiles = new byte[header.SampleBytes];
        for (int i = 0; i < tiles.Length; i++)
        {
            int channel = i % 3;
            int column = i / 3 % header.TileSize;
            int value = 100 + random.Next(-40, 40);
            if (channel == 0 && header.Videos[clip].Labels.Contains(0))
                value += 60;
            if (channel == 1 && header.Videos[clip].Labels.Contains(1))
                value += column % 4 < 2 ? 60 : -60;

            tiles[i] = (byte)value;
        }

        return tiles;
    }

    private static TileDataset Write(string path, int count, TileDatasetHeader header, Func<TileDatasetHeader, int, byte[]> tilesOf)
    {
        LabelledVideo[] videos = [.. Enumerable.Range(0, count).Select(i => new LabelledVideo($"{i:D4}.mp4", [.. Enumerable.Range(0, ClassCount).Where(c => ((i >> c) & 1) == 1)]))];
        header = header with { Videos = videos };
        TileDataset.Write(path, header, i => tilesOf(header, i));
        return TileDataset.Open(path);
    }
}
