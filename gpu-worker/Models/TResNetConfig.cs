namespace CloudPipe.GpuWorker.Models;

/// <summary>What tells one TResNet from another; names and numbers are timm's.</summary>
/// <param name="Depths">Blocks in each of the four stages.</param>
/// <param name="StemWidth">Channels of the stem: 64 times the paper's width factor, cut to a whole number.</param>
/// <param name="BottleneckStages">How many of the stages, counted from the last, are built of bottlenecks; the first ones are of basic blocks.</param>
public sealed record TResNetConfig(IReadOnlyList<int> Depths, int StemWidth, int BottleneckStages = 2)
{
    /// <summary>TResNet-M, 31.4 M parameters with 1000 classes.</summary>
    public static TResNetConfig M { get; } = new([3, 4, 11, 3], 64);

    /// <summary>TResNet-L, 56.0 M parameters.</summary>
    public static TResNetConfig L { get; } = new([4, 5, 18, 3], 76);

    /// <summary>TResNet-XL, 78.4 M parameters; with ML-Decoder one of the papers' ensembles.</summary>
    public static TResNetConfig XL { get; } = new([4, 5, 24, 3], 83);

    /// <summary>The second TResNet-L, 46.2 M parameters, of bottlenecks alone.</summary>
    public static TResNetConfig L2 { get; } = new([3, 4, 23, 3], 64, BottleneckStages: 4);
}
