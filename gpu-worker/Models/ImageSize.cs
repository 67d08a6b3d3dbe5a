namespace CloudPipe.GpuWorker.Models;

/// <summary>The size of an image.</summary>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
public readonly record struct ImageSize(int Height, int Width);
