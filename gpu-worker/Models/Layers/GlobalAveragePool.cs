using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>The mean of each channel: <c>[N, C, H, W]</c> to <c>[N, C]</c>.</summary>
internal sealed class GlobalAveragePool() : nn.Module<Tensor, Tensor>(nameof(GlobalAveragePool))
{
    public override Tensor forward(Tensor input) => input.mean([2, 3]);
}
