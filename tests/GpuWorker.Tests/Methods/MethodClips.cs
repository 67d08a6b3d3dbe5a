using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Labels;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Methods;

/// <summary>Clips whose labels are easy to see by one method each, and networks that learn them in seconds.</summary>
internal static class MethodClips
{
    public const int ClassCount = 2;
    public const int Grid = 2;
    public const int TileSize = 16;
    public const int Threads = 1;

    /// <summary>Class 0 is red, class 1 has green stripes, in every frame.</summary>
    public static TileDataset InEveryFrame(string path, int count) => Create(path, count, frames: 4, (_, _) => true);

    /// <summary>The same in one of three runs of four frames only, another in each clip.</summary>
    public static TileDataset InOneClipOfThree(string path, int count) =>
        Create(path, count, frames: 12, (clip, frame) => new Random(clip).Next(3) == frame / 4);

    /// <summary>Class 0 grows brighter, all others darker; class 1 has green stripes.</summary>
    public static TileDataset OverTime(string path, int count) => Create(path, count, frames: 4, (_, _) => true, overTime: true);

    public static nn.Module<Tensor, Tensor> CreateNetwork(string architecture, ModelOptions options) => architecture switch
    {
        TinyNetwork.Name => new TinyNetwork(options),
        TinyClipNetwork.Name => new TinyClipNetwork(options),
        _ => ModelCatalog.Create(architecture, options),
    };

    private static TileDataset Create(string path, int count, int frames, Func<int, int, bool> shows, bool overTime = false)
    {
        LabelledVideo[] videos = [.. Enumerable.Range(0, count).Select(i => new LabelledVideo($"{i:D4}.mp4", [.. Enumerable.Range(0, ClassCount).Where(c => ((i >> c) & 1) == 1)]))];
        var header = new TileDatasetHeader($"{path} {frames}", Grid, TileSize, videos, frames);
        TileDataset.Write(path, header, clip => Tiles(header, clip, shows, overTime));
        return TileDataset.Open(path);
    }

    private static byte[] Tiles(TileDatasetHeader header, int clip, Func<int, int, bool> shows, bool overTime)
    {
        var random = new Random(clip);
        bool[][] marks = [.. Enumerable.Range(0, header.StoredTiles).Select(frame => Enumerable.Range(0, ClassCount).Select(c => shows(clip, frame) && header.Videos[clip].Labels.Contains(c)).ToArray())];
        byte[] tiles = new byte[header.StoredBytes];
        for (int i = 0; i < tiles.Length; i++)
        {
            (int frame, int column, int channel) = (i / header.TileBytes, i / 3 % header.TileSize, i % 3);
            int value = 100 + random.Next(-40, 40);
            bool[] marked = marks[frame];
            if (overTime)
                value += ((2 * frame) - 3) * (marked[0] ? 12 : -12);
            else if (channel == 0 && marked[0])
                value += 60;
            if (channel == 1 && marked[1])
                value += column % 4 < 2 ? 60 : -60;

            tiles[i] = (byte)value;
        }

        return tiles;
    }
}
