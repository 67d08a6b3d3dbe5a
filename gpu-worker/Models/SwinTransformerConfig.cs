namespace CloudPipe.GpuWorker.Models;

/// <summary>What tells one Swin Transformer from another; names and numbers are timm's.</summary>
/// <param name="Depths">Blocks in each of the four stages.</param>
/// <param name="Width">Channels in the first stage; each later one has twice as many.</param>
/// <param name="WindowSize">Height and width of an attention window, in tokens.</param>
/// <param name="InputSize">Height and width of the images that it is for unless told otherwise, in pixels.</param>
/// <param name="PadsBeforeShift">
/// Whether it is torchvision's: feature maps are padded before they are shifted, and their size decides on the shift when
/// they come, so that windows stay as they are and any image fits. timm shifts first, and decides when the network is built.
/// </param>
public sealed record SwinTransformerConfig(IReadOnlyList<int> Depths, int Width, int WindowSize = 7, int InputSize = 224, bool PadsBeforeShift = false)
{
    /// <summary>28 M parameters.</summary>
    public static SwinTransformerConfig Tiny { get; } = new([2, 2, 6, 2], 96);

    /// <summary>49 M parameters.</summary>
    public static SwinTransformerConfig Small { get; } = new([2, 2, 18, 2], 96);

    /// <summary>87 M parameters.</summary>
    public static SwinTransformerConfig Base { get; } = new([2, 2, 18, 2], 128);

    /// <summary>87 M parameters; windows of 12×12.</summary>
    public static SwinTransformerConfig BaseWindow12 { get; } = Base with { WindowSize = 12, InputSize = 384 };

    /// <summary>195 M parameters.</summary>
    public static SwinTransformerConfig Large { get; } = new([2, 2, 18, 2], 192);

    /// <summary>195 M parameters, windows of 12×12; the papers' Swin-L.</summary>
    public static SwinTransformerConfig LargeWindow12 { get; } = Large with { WindowSize = 12, InputSize = 384 };

    /// <summary>The same network as torchvision computes it.</summary>
    /// <returns>A config with <see cref="PadsBeforeShift"/>.</returns>
    public SwinTransformerConfig OfTorchvision() => this with { PadsBeforeShift = true };
}
