using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// GELU, scaled so that a standard normal input leaves with variance 1, then by a factor. The constant is that of
/// DeepMind's <c>nfnets/base.py</c>.
/// </summary>
internal sealed class ScaledGelu(double factor = 1) : nn.Module<Tensor, Tensor>(nameof(ScaledGelu))
{
    private const double Gamma = 1.7015043497085571;

    public override Tensor forward(Tensor input) => nn.functional.gelu(input).mul_(Gamma * factor);
}
