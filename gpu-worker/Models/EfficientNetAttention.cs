using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>Squeeze-excitation (https://arxiv.org/abs/1709.01507) with SiLU, under the names that timm gives it in this family.</summary>
internal sealed class EfficientNetAttention : nn.Module<Tensor, Tensor>
{
    private readonly PointwiseConvolution conv_reduce;
    private readonly PointwiseConvolution conv_expand;

    public EfficientNetAttention(int width, int squeezedWidth)
        : base(nameof(EfficientNetAttention))
    {
        conv_reduce = new PointwiseConvolution(width, squeezedWidth, fourDimensional: true);
        conv_expand = new PointwiseConvolution(squeezedWidth, width, fourDimensional: true);
        RegisterComponents();
    }

    /// <summary>Weighs channels; in evaluation without gradients in place.</summary>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor squeezed = nn.functional.adaptive_avg_pool2d(input, 1); // [N, C, 1, 1]
        Tensor gate = conv_expand.call(nn.functional.silu(conv_reduce.call(squeezed))).sigmoid();
        return (training || is_grad_enabled() ? input.mul(gate) : input.mul_(gate)).MoveToOuterDisposeScope();
    }
}
