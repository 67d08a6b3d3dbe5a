namespace CloudPipe.GpuWorker.Weights;

/// <summary>Whose names a weights file gives its tensors.</summary>
public enum WeightsNaming
{
    /// <summary>timm's, or those of the network's authors: the names that CloudPipe's networks have.</summary>
    Timm,

    /// <summary>torchvision's.</summary>
    Torchvision,
}
