namespace CloudPipe.GpuWorker.Models;

/// <summary>What tells one ResNet from another; names and numbers are timm's.</summary>
/// <param name="Depths">Blocks in each of the four stages.</param>
/// <param name="Bottleneck">Whether a block is 1×1, 3×3, 1×1 with four times the channels at its ends, or two 3×3.</param>
/// <param name="Stem">How it begins.</param>
/// <param name="AveragePoolShortcut">Whether a shortcut that halves the resolution averages before its 1×1 convolution, which else skips pixels (ResNet-D).</param>
/// <param name="ChannelAttention">Whether each residual branch ends with efficient channel attention (ECA-Net).</param>
public sealed record ResNetConfig(IReadOnlyList<int> Depths, bool Bottleneck = true, ResNetStem Stem = ResNetStem.Plain, bool AveragePoolShortcut = false, bool ChannelAttention = false)
{
    /// <summary>ResNet-18, 11.7 M parameters with 1000 classes.</summary>
    public static ResNetConfig ResNet18 { get; } = new([2, 2, 2, 2], Bottleneck: false);

    /// <summary>ResNet-34, 21.8 M parameters.</summary>
    public static ResNetConfig ResNet34 { get; } = new([3, 4, 6, 3], Bottleneck: false);

    /// <summary>ResNet-26, 16.0 M parameters.</summary>
    public static ResNetConfig ResNet26 { get; } = new([2, 2, 2, 2]);

    /// <summary>ResNet-50, 25.6 M parameters.</summary>
    public static ResNetConfig ResNet50 { get; } = new([3, 4, 6, 3]);

    /// <summary>ResNet-101, 44.5 M parameters.</summary>
    public static ResNetConfig ResNet101 { get; } = new([3, 4, 23, 3]);

    /// <summary>ResNet-152, 60.2 M parameters.</summary>
    public static ResNetConfig ResNet152 { get; } = new([3, 8, 36, 3]);

    /// <summary>ECA-ResNet-Light, 30.2 M parameters.</summary>
    public static ResNetConfig EcaResNetLight { get; } = new([1, 1, 11, 3], AveragePoolShortcut: true, ChannelAttention: true);

    /// <summary>ECA-ResNet-269-D, 102 M parameters; one of UrbanPipe's ensemble.</summary>
    public static ResNetConfig EcaResNet269D { get; } = new ResNetConfig([3, 30, 48, 8]).WithDeepStem() with { ChannelAttention = true };

    /// <summary>The same network as a ResNet-D: a deep stem, and shortcuts that average.</summary>
    /// <param name="tiered">Whether the stem's convolutions grow step by step (timm's <c>t</c> in place of <c>d</c>).</param>
    /// <returns>The configuration.</returns>
    public ResNetConfig WithDeepStem(bool tiered = false) =>
        this with { Stem = tiered ? ResNetStem.DeepTiered : ResNetStem.Deep, AveragePoolShortcut = true };
}
