using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>A head that gives what it classifies by beside the logits.</summary>
internal interface IFeatureHead
{
    /// <summary>Classifies, as a call of the head does bit for bit.</summary>
    /// <param name="input">What the head takes.</param>
    /// <returns>Pooled features <c>[N, D]</c> and logits <c>[N, classes]</c>.</returns>
    (Tensor Features, Tensor Logits) CallWithFeatures(Tensor input);
}
