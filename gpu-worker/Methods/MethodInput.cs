namespace CloudPipe.GpuWorker.Methods;

/// <summary>What a method has to work with.</summary>
/// <param name="Grid">Tiles per side of a super-image.</param>
/// <param name="TileSize">Width and height of a tile in pixels.</param>
/// <param name="Frames">Frames of a video, or of a segment: F, a multiple of grid², or 1 where all are images.</param>
/// <param name="Mean">Per channel (red, green, blue), subtracted from pixels of 0..1.</param>
/// <param name="StandardDeviation">Per channel, divides what is left.</param>
internal sealed record MethodInput(int Grid, int TileSize, int Frames, IReadOnlyList<double> Mean, IReadOnlyList<double> StandardDeviation)
{
    /// <summary>Tiles of a super-image.</summary>
    public int TileCount => Grid * Grid;

    /// <summary>Width and height of a super-image in pixels.</summary>
    public int SuperImageSide => Grid * TileSize;
}
