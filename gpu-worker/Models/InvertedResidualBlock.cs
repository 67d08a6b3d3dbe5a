using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// A 1×1 convolution that widens, a depthwise convolution, squeeze-excitation, then a linear 1×1 projection ('MBConv').
/// Sandler et al.: MobileNetV2, CVPR 2018, https://arxiv.org/abs/1801.04381.
/// </summary>
internal sealed class InvertedResidualBlock : nn.Module<Tensor, Tensor>
{
    private readonly bool hasShortcut;
    private readonly SameConvolution conv_pw;
    private readonly BatchNormActivation bn1;
    private readonly SameConvolution conv_dw;
    private readonly BatchNormActivation bn2;
    private readonly EfficientNetAttention se;
    private readonly SameConvolution conv_pwl;
    private readonly BatchNormActivation bn3;
    private readonly DropPath drop_path;

    public InvertedResidualBlock(int inputWidth, int width, int expansion, int kernelSize, int stride, bool tensorFlow, double epsilon, double dropPathRate)
        : base(nameof(InvertedResidualBlock))
    {
        int expandedWidth = inputWidth * expansion;
        hasShortcut = inputWidth == width && stride == 1;
        conv_pw = new SameConvolution(inputWidth, expandedWidth, kernelSize: 1, tensorFlow);
        bn1 = new BatchNormActivation(expandedWidth, epsilon);
        conv_dw = new SameConvolution(expandedWidth, expandedWidth, kernelSize, tensorFlow, stride, groups: expandedWidth);
        bn2 = new BatchNormActivation(expandedWidth, epsilon);
        se = new EfficientNetAttention(expandedWidth, inputWidth / 4); // of the block's input, not of the widened one
        conv_pwl = new SameConvolution(expandedWidth, width, kernelSize: 1, tensorFlow);
        bn3 = new BatchNormActivation(width, epsilon, activate: false);
        drop_path = new DropPath(dropPathRate);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor widened = NormalizedConvolution.Apply(conv_pw, bn1, input);
        Tensor spread = NormalizedConvolution.Apply(conv_dw, bn2, widened);
        widened.Dispose(); // sixfold the input: freed before the next one is made
        Tensor weighed = se.call(spread);
        if (!ReferenceEquals(weighed, spread))
            spread.Dispose();

        Tensor branch = NormalizedConvolution.Apply(conv_pwl, bn3, weighed);
        weighed.Dispose();
        return (hasShortcut ? drop_path.Keep(branch).add_(input) : branch).MoveToOuterDisposeScope();
    }
}
