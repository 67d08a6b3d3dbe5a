using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>ReLU(shortcut(x) + branch(x)), the branch 1×1, 3×3, squeeze-and-excitation, 1×1 (figure 2, right, of the paper).</summary>
internal sealed class TResNetBottleneck : nn.Module<Tensor, Tensor>
{
    /// <summary>How many times wider a block's ends are than its middle.</summary>
    public const int Expansion = 4;

    /// <summary>Of the leaky ReLUs in every block.</summary>
    public const double NegativeSlope = 1e-3;

    /// <summary>Squeeze-and-excitation squeezes no further.</summary>
    public const int LeastSqueezedWidth = 64;

    private readonly Sequential? downsample;
    private readonly ConvolutionNormActivation conv1;
    private readonly ConvolutionNormActivation conv2;
    private readonly SqueezeExcitation? se;
    private readonly ConvolutionNormActivation conv3;
    private readonly DropPath dropPath;

    public TResNetBottleneck(int inputWidth, int width, int stride, Sequential? shortcut, bool squeezeExcite, double dropPathRate)
        : base(nameof(TResNetBottleneck))
    {
        int middle = width / Expansion;
        downsample = shortcut;
        conv1 = new ConvolutionNormActivation(inputWidth, middle, kernelSize: 1, negativeSlope: NegativeSlope);
        conv2 = new ConvolutionNormActivation(middle, middle, kernelSize: 3, stride, NegativeSlope);
        se = squeezeExcite ? new SqueezeExcitation(middle, Math.Max(width / 8, LeastSqueezedWidth)) : null;
        conv3 = new ConvolutionNormActivation(middle, width, kernelSize: 1);
        dropPath = new DropPath(dropPathRate);
        RegisterComponents();
    }

    public Parameter LastNormWeight => conv3.NormWeight;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor branch = conv2.call(conv1.call(input));
        if (se is not null)
            branch = se.call(branch);

        branch = conv3.call(branch);
        Tensor shortcut = downsample is null ? input : downsample.call(input);
        return dropPath.Keep(branch).add_(shortcut).relu_().MoveToOuterDisposeScope();
    }
}
