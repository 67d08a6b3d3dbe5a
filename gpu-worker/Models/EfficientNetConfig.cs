namespace CloudPipe.GpuWorker.Models;

/// <summary>What tells one EfficientNet from another; names and numbers are timm's. Section 3.3 of the paper.</summary>
/// <param name="WidthFactor">What every layer's channels are multiplied by.</param>
/// <param name="DepthFactor">What every stage's blocks are multiplied by.</param>
/// <param name="TensorFlow">Whether it takes the weights that Google trained in TensorFlow, with that framework's padding and batch norm epsilon (timm's <c>tf_</c> names), or those trained in PyTorch.</param>
public sealed record EfficientNetConfig(double WidthFactor, double DepthFactor, bool TensorFlow = false)
{
    /// <summary>4.0 M parameters with 17 classes.</summary>
    public static EfficientNetConfig B0 { get; } = new(1.0, 1.0);

    /// <summary>6.5 M parameters.</summary>
    public static EfficientNetConfig B1 { get; } = new(1.0, 1.1);

    /// <summary>7.7 M parameters.</summary>
    public static EfficientNetConfig B2 { get; } = new(1.1, 1.2);

    /// <summary>10.7 M parameters.</summary>
    public static EfficientNetConfig B3 { get; } = new(1.2, 1.4);

    /// <summary>17.6 M parameters.</summary>
    public static EfficientNetConfig B4 { get; } = new(1.4, 1.8);

    /// <summary>28 M parameters.</summary>
    public static EfficientNetConfig B5 { get; } = new(1.6, 2.2);

    /// <summary>41 M parameters.</summary>
    public static EfficientNetConfig B6 { get; } = new(1.8, 2.6);

    /// <summary>64 M parameters.</summary>
    public static EfficientNetConfig B7 { get; } = new(2.0, 3.1);

    /// <summary>475 M parameters; the papers' EfficientNet-L2, which Xie et al. scaled up for Noisy Student, https://arxiv.org/abs/1911.04252.</summary>
    public static EfficientNetConfig L2 { get; } = new(4.3, 5.3);
}
