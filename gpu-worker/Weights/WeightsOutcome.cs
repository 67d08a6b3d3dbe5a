namespace CloudPipe.GpuWorker.Weights;

/// <summary>What becomes of one key when weights are loaded into a network.</summary>
public enum WeightsOutcome
{
    /// <summary>The file's tensor is copied.</summary>
    Loaded,

    /// <summary>A part of the classifier that the file lacks or has for other classes: the network keeps its own.</summary>
    Replaced,

    /// <summary>The first convolution, for another number of input channels.</summary>
    Adapted,

    /// <summary>A table of relative positions, for another window.</summary>
    Resized,

    /// <summary>The file lacks it.</summary>
    Missing,

    /// <summary>The network lacks it.</summary>
    Unexpected,

    /// <summary>Both have it, with shapes that do not fit.</summary>
    OtherShape,
}
