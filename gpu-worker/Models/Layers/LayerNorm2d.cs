using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>Layer normalisation over the channels of each pixel of <c>[N, C, H, W]</c>, eps 1e-6 as timm has it.</summary>
internal sealed class LayerNorm2d : nn.Module<Tensor, Tensor>
{
    private const double Epsilon = 1e-6;

    private readonly long[] shape;
    private readonly Parameter weight;
    private readonly Parameter bias;

    public LayerNorm2d(int width)
        : base(nameof(LayerNorm2d))
    {
        shape = [width];
        weight = new Parameter(ones(width));
        bias = new Parameter(zeros(width));
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = input.permute(0, 2, 3, 1); // [N, H, W, C]
        return nn.functional.layer_norm(pixels, shape, weight, bias, Epsilon).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }
}
