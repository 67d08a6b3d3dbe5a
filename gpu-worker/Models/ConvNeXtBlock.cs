using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>x + gamma · mlp(norm(depthwise 7×7(x))), section 2.6 and figure 4 of the paper.</summary>
internal sealed class ConvNeXtBlock : nn.Module<Tensor, Tensor>
{
    private readonly Parameter gamma;
    private readonly Conv2d conv_dw;
    private readonly LayerNorm norm;
    private readonly PointwiseMlp mlp;
    private readonly DropPath dropPath;

    public ConvNeXtBlock(int width, double dropPathRate, bool convolutionalMlp, double layerScaleInitialValue)
        : base(nameof(ConvNeXtBlock))
    {
        gamma = new Parameter(full(width, layerScaleInitialValue));
        conv_dw = nn.Conv2d(width, width, kernel_size: 7, padding: 3, groups: width);
        norm = nn.LayerNorm(width, eps: 1e-6);
        mlp = new PointwiseMlp(width, 4 * width, convolutionalMlp);
        dropPath = new DropPath(dropPathRate);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor branch = conv_dw.call(input).permute(0, 2, 3, 1); // [N, H, W, C]: the norm is over the last axis
        branch = mlp.call(norm.call(branch).permute(0, 3, 1, 2)); // [N, C, H, W] by strides alone: memory stays channels-last
        branch = branch.mul(gamma.reshape(1, -1, 1, 1)); // [C] to [1, C, 1, 1]
        // The branch comes first, so that the sum keeps its channels-last strides.
        return dropPath.call(branch).add(input).MoveToOuterDisposeScope();
    }
}
