using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>shortcut + alpha · f(activation(x) · beta): a pre-activation bottleneck, section 4 and figure 3 of the NFNet paper.</summary>
internal sealed class NFNetBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>How fast the signal's variance grows: each block adds its square.</summary>
    public const double Alpha = 0.2;

    // A gate of squeeze-excitation is 0.5 on average: this keeps the branch's variance.
    private const double AttentionGain = 2;
    private const int GroupWidth = 128;

    private readonly Parameter skipinit_gain;
    private readonly NFNetDownsample? downsample;
    private readonly ScaledGelu act1;
    private readonly ScaledStandardizedConvolution conv1;
    private readonly ScaledGelu act2;
    private readonly ScaledStandardizedConvolution conv2;
    private readonly ScaledGelu act2b;
    private readonly ScaledStandardizedConvolution conv2b;
    private readonly ScaledGelu act3;
    private readonly ScaledStandardizedConvolution conv3;
    private readonly SqueezeExcitation attn_last;
    private readonly DropPath drop_path;

    /// <param name="inputWidth">Channels in.</param>
    /// <param name="width">Channels out.</param>
    /// <param name="stride">Pixels.</param>
    /// <param name="beta">What brings the input to variance 1.</param>
    /// <param name="dropPathRate">Stochastic depth, 0..1.</param>
    public NFNetBlock(int inputWidth, int width, int stride, double beta, double dropPathRate)
        : base(nameof(NFNetBlock))
    {
        int bottleneckWidth = width / 2;
        int groups = bottleneckWidth / GroupWidth;
        skipinit_gain = new Parameter(tensor(0f));
        downsample = inputWidth != width || stride != 1 ? new NFNetDownsample(inputWidth, width, stride) : null;
        act1 = new ScaledGelu(beta);
        conv1 = new ScaledStandardizedConvolution(inputWidth, bottleneckWidth, kernelSize: 1);
        act2 = new ScaledGelu();
        conv2 = new ScaledStandardizedConvolution(bottleneckWidth, bottleneckWidth, kernelSize: 3, stride, groups);
        act2b = new ScaledGelu();
        conv2b = new ScaledStandardizedConvolution(bottleneckWidth, bottleneckWidth, kernelSize: 3, groups: groups);
        act3 = new ScaledGelu();
        conv3 = new ScaledStandardizedConvolution(bottleneckWidth, width, kernelSize: 1);
        attn_last = new SqueezeExcitation(width, width / 2);
        drop_path = new DropPath(dropPathRate);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor activated = act1.call(input);
        Tensor shortcut = downsample is null ? input : downsample.call(activated);
        Tensor branch = LayerChain.Call(activated, conv1, act2, conv2, act2b, conv2b, act3, conv3, attn_last, drop_path);
        return branch.mul(skipinit_gain.mul(AttentionGain * Alpha)).add_(shortcut).MoveToOuterDisposeScope();
    }
}
