using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// A network that gives its pooled features beside its logits: what its linear classifier reads. With
/// <see cref="HeadKind.MlDecoder"/>, whose queries read every place, it is the mean of what they read over the places.
/// </summary>
public interface IFeatureNetwork
{
    /// <summary>How many pooled features: D.</summary>
    int FeatureCount { get; }

    /// <summary>Scores images, as a call of the network does bit for bit, in the same one pass.</summary>
    /// <param name="input">Normalised pixels <c>[N, 3, H, W]</c>, as the network takes them.</param>
    /// <returns>Pooled features <c>[N, D]</c> and logits <c>[N, classes]</c>, in the network's precision.</returns>
    (Tensor Features, Tensor Logits) CallWithFeatures(Tensor input);
}
