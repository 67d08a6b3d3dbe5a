using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>What makes logits of pooled features.</summary>
internal static class LinearClassifier
{
    /// <summary>A linear layer; for no classes at all what leaves the features as they are and has no weights, as timm does it.</summary>
    public static nn.Module<Tensor, Tensor> Create(int width, int classCount) => classCount > 0 ? nn.Linear(width, classCount) : nn.Identity();
}
