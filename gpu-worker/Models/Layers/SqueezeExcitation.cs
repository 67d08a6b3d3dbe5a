using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// Weighs channels by what the whole image shows in them: timm's <c>SEModule</c>. Hu, Shen, Sun: Squeeze-and-Excitation
/// Networks, CVPR 2018, https://arxiv.org/abs/1709.01507.
/// </summary>
internal sealed class SqueezeExcitation : nn.Module<Tensor, Tensor>
{
    private readonly PointwiseConvolution fc1;
    private readonly PointwiseConvolution fc2;

    public SqueezeExcitation(int width, int squeezedWidth)
        : base(nameof(SqueezeExcitation))
    {
        fc1 = new PointwiseConvolution(width, squeezedWidth, fourDimensional: true);
        fc2 = new PointwiseConvolution(squeezedWidth, width, fourDimensional: true);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor squeezed = nn.functional.adaptive_avg_pool2d(input, 1); // [N, C, 1, 1]
        Tensor gate = fc2.call(nn.functional.relu(fc1.call(squeezed))).sigmoid();
        return input.mul(gate).MoveToOuterDisposeScope();
    }
}
