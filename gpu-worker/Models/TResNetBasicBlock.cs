using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>ReLU(shortcut(x) + branch(x)), the branch two 3×3 convolutions and squeeze-and-excitation (figure 2, left, of the paper).</summary>
internal sealed class TResNetBasicBlock : nn.Module<Tensor, Tensor>
{
    private readonly Sequential? downsample;
    private readonly ConvolutionNormActivation conv1;
    private readonly ConvolutionNormActivation conv2;
    private readonly SqueezeExcitation se;
    private readonly DropPath dropPath;

    public TResNetBasicBlock(int inputWidth, int width, int stride, Sequential? shortcut, double dropPathRate)
        : base(nameof(TResNetBasicBlock))
    {
        downsample = shortcut;
        conv1 = new ConvolutionNormActivation(inputWidth, width, kernelSize: 3, stride, TResNetBottleneck.NegativeSlope);
        conv2 = new ConvolutionNormActivation(width, width, kernelSize: 3);
        se = new SqueezeExcitation(width, Math.Max(width / 4, TResNetBottleneck.LeastSqueezedWidth));
        dropPath = new DropPath(dropPathRate);
        RegisterComponents();
    }

    public Parameter LastNormWeight => conv2.NormWeight;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor branch = se.call(conv2.call(conv1.call(input)));
        Tensor shortcut = downsample is null ? input : downsample.call(input);
        return dropPath.Keep(branch).add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
