using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// A linear layer over tokens, <c>[N, L, in]</c> to <c>[N, L, out]</c>, computed as a 1×1 convolution for the reason that
/// <see cref="PointwiseConvolution"/> gives. It costs no copy where the tokens are the pixels of a feature map.
/// </summary>
internal sealed class TokenProjection : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight;
    private readonly Parameter bias;

    public TokenProjection(int inputWidth, int outputWidth)
        : base(nameof(TokenProjection))
    {
        weight = new Parameter(empty(outputWidth, inputWidth));
        bias = new Parameter(zeros(outputWidth));
        RegisterComponents();
    }

    public Parameter WeightParameter => weight;

    public Parameter BiasParameter => bias;

    public override Tensor forward(Tensor input) => Project(input, weight, bias);

    /// <summary>The layer's function on weights <c>[out, in]</c> that another module owns.</summary>
    public static Tensor Project(Tensor tokens, Tensor weight, Tensor bias)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pixels = tokens.transpose(1, 2).unsqueeze(2); // [N, in, 1, L]
        Tensor kernel = weight.reshape(weight.shape[0], weight.shape[1], 1, 1);
        return nn.functional.conv2d(pixels, kernel, bias).squeeze(2).transpose(1, 2).MoveToOuterDisposeScope();
    }
}
