using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>A convolution, batch normalisation and, where asked for, a leaky ReLU and the blur that carries out the stride (timm's <c>ConvNormAct</c>).</summary>
internal sealed class ConvolutionNormActivation : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d conv;
    private readonly BatchNorm2d bn;
    private readonly double? negativeSlope;
    private readonly BlurPool? aa;

    /// <param name="inputWidth">Channels in.</param>
    /// <param name="width">Channels out.</param>
    /// <param name="kernelSize">Pixels, odd.</param>
    /// <param name="stride">1, or 2: then the convolution keeps its resolution and a blur halves it.</param>
    /// <param name="negativeSlope">The leaky ReLU's, or null for none.</param>
    public ConvolutionNormActivation(int inputWidth, int width, int kernelSize, int stride = 1, double? negativeSlope = null)
        : base(nameof(ConvolutionNormActivation))
    {
        conv = nn.Conv2d(inputWidth, width, kernelSize, padding: kernelSize / 2, bias: false);
        bn = nn.BatchNorm2d(width);
        this.negativeSlope = negativeSlope;
        aa = stride == 2 ? new BlurPool() : null;
        RegisterComponents();
    }

    public Parameter NormWeight => bn.weight;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor output = NormalizedConvolution.Apply(conv, bn, input);
        if (negativeSlope is double slope)
            output.leaky_relu_(slope);

        return (aa is null ? output : aa.call(output)).MoveToOuterDisposeScope();
    }
}
