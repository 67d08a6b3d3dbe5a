namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// A network whose plain head classifies by pooled features. Built for 0 classes (<see cref="ModelOptions.ClassCount"/>) it gives
/// these in place of logits: <c>[N, FeatureCount]</c>, in the network's precision.
/// </summary>
public interface IFeatureNetwork
{
    /// <summary>How many pooled features an image has.</summary>
    int FeatureCount { get; }
}
