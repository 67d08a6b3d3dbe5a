namespace CloudPipe.Inspections;

/// <summary>
/// Which of a segment's frames stand in its super-image. The frames are as many equal runs as there are tiles, and each tile
/// shows one of its run: the middle one, which is uniform sampling's when the run's length is odd, unless another is asked
/// for. The one frame of an image fills all tiles.
/// </summary>
public readonly record struct SuperImageFrames
{
    /// <summary>The most frames of a segment: a tile's number has two or three digits in its name.</summary>
    public const int Most = 1000;

    private readonly int _stride;

    /// <summary>Divides a segment's frames among the tiles.</summary>
    /// <param name="frameCount">The segment's frames: a multiple of the tiles, or 1.</param>
    /// <param name="tileCount">Tiles of a super-image: grid².</param>
    /// <exception cref="ArgumentException">The frames cannot be divided so.</exception>
    public SuperImageFrames(int frameCount, int tileCount)
    {
        if (frameCount < 1 || tileCount < 1 || (frameCount != 1 && frameCount % tileCount != 0))
        {
            throw new ArgumentException($"A segment of {frameCount} frames makes no super-image of {tileCount} tiles: a multiple of them is expected.", nameof(frameCount));
        }

        RunLength = Math.Max(1, frameCount / tileCount);
        _stride = frameCount == 1 ? 0 : RunLength;
    }

    /// <summary>How many frames each tile has to choose from.</summary>
    public int RunLength { get; }

    /// <summary>The place in its run, from 0, of the frame that a tile shows.</summary>
    public int Middle => (RunLength - 1) / 2;

    /// <summary>Whether a segment can have so many frames.</summary>
    /// <param name="frameCount">The frames.</param>
    /// <param name="tileCount">Tiles of a super-image: grid².</param>
    /// <param name="sampling">Which frames.</param>
    /// <returns>Whether they are a multiple of the tiles, <see cref="Most"/> at most, and with uniform sampling one a tile.</returns>
    public static bool CanBe(int frameCount, int tileCount, FrameSampling sampling) =>
        frameCount is >= 1 and <= Most && (sampling == FrameSampling.Uniform ? frameCount == tileCount : frameCount % tileCount == 0);

    /// <summary>The frame that a tile shows.</summary>
    /// <param name="tile">The tile, from 0.</param>
    /// <returns>Its place among the segment's frames, from 0.</returns>
    public int IndexOf(int tile) => IndexOf(tile, Middle);

    /// <summary>A frame of a tile's run.</summary>
    /// <param name="tile">The tile, from 0.</param>
    /// <param name="place">The frame's place in the run, from 0.</param>
    /// <returns>Its place among the segment's frames, from 0.</returns>
    public int IndexOf(int tile, int place) => (tile * _stride) + place;
}
