using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>A block of EfficientNet's first stage: a depthwise convolution, squeeze-excitation, then a linear 1×1 projection.</summary>
internal sealed class DepthwiseSeparableBlock : nn.Module<Tensor, Tensor>
{
    private readonly bool hasShortcut;
    private readonly SameConvolution conv_dw;
    private readonly BatchNormActivation bn1;
    private readonly EfficientNetAttention se;
    private readonly SameConvolution conv_pw;
    private readonly BatchNormActivation bn2;
    private readonly DropPath drop_path;

    public DepthwiseSeparableBlock(int inputWidth, int width, int kernelSize, int stride, bool tensorFlow, double epsilon, double dropPathRate)
        : base(nameof(DepthwiseSeparableBlock))
    {
        hasShortcut = inputWidth == width && stride == 1;
        conv_dw = new SameConvolution(inputWidth, inputWidth, kernelSize, tensorFlow, stride, groups: inputWidth);
        bn1 = new BatchNormActivation(inputWidth, epsilon);
        se = new EfficientNetAttention(inputWidth, inputWidth / 4);
        conv_pw = new SameConvolution(inputWidth, width, kernelSize: 1, tensorFlow);
        bn2 = new BatchNormActivation(width, epsilon, activate: false);
        drop_path = new DropPath(dropPathRate);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor spread = NormalizedConvolution.Apply(conv_dw, bn1, input);
        Tensor weighed = se.call(spread);
        if (!ReferenceEquals(weighed, spread))
            spread.Dispose();

        Tensor branch = NormalizedConvolution.Apply(conv_pw, bn2, weighed);
        weighed.Dispose();
        return (hasShortcut ? drop_path.Keep(branch).add_(input) : branch).MoveToOuterDisposeScope();
    }
}
