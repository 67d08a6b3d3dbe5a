using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// TResNet: a ResNet that starts at a quarter of the resolution, blurs where it halves it further, and weighs channels.
/// <para>
/// Ridnik, Lawen, Noy, Ben Baruch, Sharir, Friedman: TResNet: High Performance GPU-Dedicated Architecture, WACV 2021,
/// https://arxiv.org/abs/2003.13630. Reference for parameter names, their order and every number: timm v1.0.28,
/// <c>timm/models/tresnet.py</c>; its published weights expect pixels of 0..1, without a mean taken off.
/// </para>
/// </summary>
public sealed class TResNet : nn.Module<Tensor, Tensor>, IFeatureNetwork, IStagedNetwork
{
    private const int StemInputWidth = 3 * 4 * 4;
    private const double StemNegativeSlope = 1e-2;
    private const double HeadDeviation = 0.01;

    // Fields carry the names of the published weights' keys: torch registers them under their field names.
    private readonly Sequential body;
    private readonly nn.Module<Tensor, Tensor> head;

    /// <summary>Builds the network.</summary>
    /// <param name="config">Which TResNet.</param>
    /// <param name="options">What the caller decides.</param>
    public TResNet(TResNetConfig config, ModelOptions options)
        : base(nameof(TResNet))
    {
        body = nn.Sequential(
        [
            ("s2d", new SpaceToDepth()),
            ("conv1", new ConvolutionNormActivation(StemInputWidth, config.StemWidth, kernelSize: 3, negativeSlope: StemNegativeSlope)),
            .. Stages(config, options.DropPathRate),
        ]);
        int width = (config.StemWidth << (config.Depths.Count - 1)) * TResNetBottleneck.Expansion;
        FeatureCount = width;
        head = options.Head == HeadKind.MlDecoder
            ? new MlDecoder(width, options.ClassCount, options.DrawWeights)
            : new PooledClassifier(width, options.ClassCount);
        RegisterComponents();
        if (options.DrawWeights)
            InitializeWeights();
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    IReadOnlyList<nn.Module<Tensor, Tensor>> IStagedNetwork.Stages => [.. body.children().OfType<BlockSequence>()];

    /// <summary>Scores images.</summary>
    /// <param name="input">Normalised pixels <c>[N, 3, H, W]</c>; H and W are multiples of 4, at least 32.</param>
    /// <returns>Logits <c>[N, classes]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return head.call(body.call(input)).MoveToOuterDisposeScope();
    }

    private static IEnumerable<(string Name, nn.Module<Tensor, Tensor> Stage)> Stages(TResNetConfig config, double dropPathRate)
    {
        int blockCount = config.Depths.Sum();
        int block = 0;
        int inputWidth = config.StemWidth;
        for (int i = 0; i < config.Depths.Count; i++)
        {
            bool isBottleneck = i >= config.Depths.Count - config.BottleneckStages;
            bool isLast = i == config.Depths.Count - 1;
            int width = (config.StemWidth << i) * (isBottleneck ? TResNetBottleneck.Expansion : 1);
            var blocks = new List<nn.Module<Tensor, Tensor>>();
            for (int j = 0; j < config.Depths[i]; j++)
            {
                int stride = i > 0 && j == 0 ? 2 : 1;
                Sequential? shortcut = stride > 1 || inputWidth != width ? Shortcut(inputWidth, width, stride) : null;
                double rate = dropPathRate * block++ / Math.Max(1, blockCount - 1);
                blocks.Add(isBottleneck
                    ? new TResNetBottleneck(inputWidth, width, stride, shortcut, squeezeExcite: !isLast, rate)
                    : new TResNetBasicBlock(inputWidth, width, stride, shortcut, rate));
                inputWidth = width;
            }

            yield return ($"layer{i + 1}", new BlockSequence(blocks));
        }
    }

    private static Sequential Shortcut(int inputWidth, int width, int stride)
    {
        var projection = new ConvolutionNormActivation(inputWidth, width, kernelSize: 1);
        return stride > 1
            ? nn.Sequential(nn.AvgPool2d(2, stride, ceil_mode: true, count_include_pad: false), projection)
            : nn.Sequential(projection);
    }

    // timm: He's normal distribution over the outputs for every convolution; the last norm of a branch starts at zero, so that
    // each block starts as its shortcut; a narrow normal distribution for the classifier.
    private void InitializeWeights()
    {
        using var noGrad = no_grad();
        foreach (nn.Module module in body.modules())
        {
            switch (module)
            {
                case Conv2d convolution:
                    nn.init.kaiming_normal_(convolution.weight, mode: nn.init.FanInOut.FanOut);
                    break;
                case PointwiseConvolution pointwise:
                    nn.init.kaiming_normal_(pointwise.WeightParameter, mode: nn.init.FanInOut.FanOut);
                    break;
                case TResNetBottleneck block:
                    nn.init.zeros_(block.LastNormWeight);
                    break;
                case TResNetBasicBlock block:
                    nn.init.zeros_(block.LastNormWeight);
                    break;
            }
        }

        if (head is PooledClassifier) // ML-Decoder has drawn its own.
            head.apply(module => (module as Linear)?.weight.normal_(0, HeadDeviation));
    }
}
