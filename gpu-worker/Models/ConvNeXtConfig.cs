namespace CloudPipe.GpuWorker.Models;

/// <summary>What tells one ConvNeXt from another; names and numbers are timm's.</summary>
/// <param name="Depths">Blocks in each of the four stages.</param>
/// <param name="Widths">Channels in each of the four stages.</param>
/// <param name="ConvolutionalMlp">Whether the weights of a block's two pointwise layers are stored as 1×1 convolutions, <c>[out, in, 1, 1]</c>, or as linear layers, <c>[out, in]</c>.</param>
public sealed record ConvNeXtConfig(IReadOnlyList<int> Depths, IReadOnlyList<int> Widths, bool ConvolutionalMlp = false)
{
    /// <summary>3.4 M parameters with 17 classes.</summary>
    public static ConvNeXtConfig Atto { get; } = new([2, 2, 6, 2], [40, 80, 160, 320], ConvolutionalMlp: true);

    /// <summary>4.8 M parameters.</summary>
    public static ConvNeXtConfig Femto { get; } = new([2, 2, 6, 2], [48, 96, 192, 384], ConvolutionalMlp: true);

    /// <summary>8.5 M parameters.</summary>
    public static ConvNeXtConfig Pico { get; } = new([2, 2, 6, 2], [64, 128, 256, 512], ConvolutionalMlp: true);

    /// <summary>15 M parameters.</summary>
    public static ConvNeXtConfig Nano { get; } = new([2, 2, 8, 2], [80, 160, 320, 640], ConvolutionalMlp: true);

    /// <summary>28 M parameters.</summary>
    public static ConvNeXtConfig Tiny { get; } = new([3, 3, 9, 3], [96, 192, 384, 768]);

    /// <summary>49 M parameters.</summary>
    public static ConvNeXtConfig Small { get; } = new([3, 3, 27, 3], [96, 192, 384, 768]);

    /// <summary>88 M parameters; the papers' ConvNeXt-B.</summary>
    public static ConvNeXtConfig Base { get; } = new([3, 3, 27, 3], [128, 256, 512, 1024]);

    /// <summary>196 M parameters.</summary>
    public static ConvNeXtConfig Large { get; } = new([3, 3, 27, 3], [192, 384, 768, 1536]);
}
