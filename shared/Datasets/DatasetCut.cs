using CloudPipe.Inspections;

namespace CloudPipe.Datasets;

/// <summary>How a data set's samples are cut.</summary>
/// <param name="Grid">Tiles per side of a super-image.</param>
/// <param name="TileSize">Width and height of a tile in pixels.</param>
/// <param name="Frames">Frames of each video: grid², or a multiple of it where the sampling is not uniform. An image has one.</param>
/// <param name="Sampling">Which frames.</param>
public sealed record DatasetCut(int Grid, int TileSize, int Frames, FrameSampling Sampling)
{
    // A tile of 448 pixels takes about 60 kB: this much a pixel.
    private const double BytesPerPixel = 0.3;

    private const int MostSamplesPerShard = 1000;

    /// <summary>The cut that inspections get.</summary>
    /// <param name="grid">Tiles per side of a super-image.</param>
    /// <param name="tileSize">Width and height of a tile in pixels.</param>
    /// <returns>The cut.</returns>
    public static DatasetCut Uniform(int grid, int tileSize) => new(grid, tileSize, grid * grid, FrameSampling.Uniform);

    /// <summary>Refuses what cannot be cut.</summary>
    /// <exception cref="InvalidDataException">A number is out of its range.</exception>
    public void Validate()
    {
        if (Grid is < 1 or > 9 || TileSize is < 16 or > 2048)
        {
            throw new InvalidDataException($"A grid of {Grid} and tiles of {TileSize} pixels: a grid is 1 to 9, a tile 16 to 2048 pixels.");
        }

        int tiles = Grid * Grid;
        if (!SuperImageFrames.CanBe(Frames, tiles, Sampling))
        {
            throw new InvalidDataException(Sampling == FrameSampling.Uniform
                ? $"{Frames} frames: uniform sampling takes one for each tile of the grid, {tiles}. Leave the number out, or sample densely or in sequence."
                : $"{Frames} frames: a multiple of the grid's {tiles} tiles up to {SuperImageFrames.Most} is expected.");
        }
    }

    /// <summary>The instants that stand for a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="framesPerSecond">The video's average frame rate.</param>
    /// <returns><see cref="Frames"/> instants.</returns>
    public SamplingPlan InstantsOf(Segment segment, double framesPerSecond) => SamplingPlan.Of(segment, Sampling, Frames, framesPerSecond);

    /// <summary>How many samples fill a shard.</summary>
    /// <param name="shardBytes">How large the shard is, about, in bytes.</param>
    /// <param name="tilesPerSample">Tiles of a sample.</param>
    /// <returns>1 to 1000.</returns>
    public int SamplesPerShard(long shardBytes, int tilesPerSample) => (int)Math.Clamp(shardBytes / (BytesPerPixel * TileSize * TileSize * tilesPerSample), 1, MostSamplesPerShard);
}
