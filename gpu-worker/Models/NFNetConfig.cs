namespace CloudPipe.GpuWorker.Models;

/// <summary>What tells one NFNet from another; names and numbers are timm's. Table 1 of the paper.</summary>
/// <param name="Depths">Blocks in each of the four stages.</param>
public sealed record NFNetConfig(IReadOnlyList<int> Depths)
{
    /// <summary>68 M parameters with 17 classes.</summary>
    public static NFNetConfig F0 { get; } = new([1, 2, 6, 3]);

    /// <summary>130 M parameters.</summary>
    public static NFNetConfig F1 { get; } = new([2, 4, 12, 6]);

    /// <summary>191 M parameters.</summary>
    public static NFNetConfig F2 { get; } = new([3, 6, 18, 9]);

    /// <summary>252 M parameters; the papers' NFNet-F3.</summary>
    public static NFNetConfig F3 { get; } = new([4, 8, 24, 12]);

    /// <summary>313 M parameters.</summary>
    public static NFNetConfig F4 { get; } = new([5, 10, 30, 15]);

    /// <summary>374 M parameters.</summary>
    public static NFNetConfig F5 { get; } = new([6, 12, 36, 18]);

    /// <summary>435 M parameters; the papers' NFNet-F6.</summary>
    public static NFNetConfig F6 { get; } = new([7, 14, 42, 21]);
}
