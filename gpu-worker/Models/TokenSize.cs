namespace CloudPipe.GpuWorker.Models;

/// <summary>A height and a width in tokens: of a feature map, of an attention window, or by how far it is shifted.</summary>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct TokenSize(int Height, int Width)
{
    /// <summary>How many tokens.</summary>
    public int Area => Height * Width;

    /// <summary>Whether it is no shift at all.</summary>
    public bool IsZero => Height == 0 && Width == 0;
}
