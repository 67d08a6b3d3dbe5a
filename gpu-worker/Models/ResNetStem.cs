namespace CloudPipe.GpuWorker.Models;

/// <summary>How a ResNet begins; the letters are timm's.</summary>
public enum ResNetStem
{
    /// <summary>One 7×7 convolution to 64 channels (He et al. 2015).</summary>
    Plain,

    /// <summary>Three 3×3 convolutions to 32, 32 and 64 channels (<c>d</c>; He et al., Bag of Tricks, 2018).</summary>
    Deep,

    /// <summary>Three 3×3 convolutions to 24, 32 and 64 channels (<c>t</c>).</summary>
    DeepTiered,
}
