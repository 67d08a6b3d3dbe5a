using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// ResNet, with the stem and the shortcuts of ResNet-D and the channel attention of ECA-Net where the configuration asks for them.
/// <para>
/// He, Zhang, Ren, Sun: Deep Residual Learning for Image Recognition, CVPR 2016, https://arxiv.org/abs/1512.03385. He, Zhang,
/// Zhang, Zhang, Xie, Li: Bag of Tricks for Image Classification, CVPR 2019, https://arxiv.org/abs/1812.01187, figure 2.
/// Reference for parameter names, their order and every number: timm v1.0.28, <c>timm/models/resnet.py</c>; torchvision's
/// ResNets have the same keys.
/// </para>
/// </summary>
public sealed class ResNet : nn.Module<Tensor, Tensor>, IFeatureNetwork, IStagedNetwork
{
    private const int StemWidth = 64;

    // Fields carry the names of the published weights' keys: torch registers them under their field names.
    private readonly nn.Module<Tensor, Tensor> conv1;
    private readonly BatchNorm2d bn1;
    private readonly MaxPool2d maxpool;
    private readonly BlockSequence layer1;
    private readonly BlockSequence layer2;
    private readonly BlockSequence layer3;
    private readonly BlockSequence layer4;
    private readonly nn.Module<Tensor, Tensor> global_pool;
    private readonly nn.Module<Tensor, Tensor> fc;

    /// <summary>Builds the network.</summary>
    /// <param name="config">Which ResNet.</param>
    /// <param name="options">What the caller decides.</param>
    public ResNet(ResNetConfig config, ModelOptions options)
        : base(nameof(ResNet))
    {
        conv1 = Stem(config.Stem);
        bn1 = nn.BatchNorm2d(StemWidth);
        maxpool = nn.MaxPool2d(kernel_size: 3, stride: 2, padding: 1);
        BlockSequence[] stages = Stages(config, options.DropPathRate);
        (layer1, layer2, layer3, layer4) = (stages[0], stages[1], stages[2], stages[3]);
        int width = StageWidth(config, 3);
        FeatureCount = width;
        bool plain = options.Head == HeadKind.Plain;
        global_pool = plain ? new GlobalAveragePool() : nn.Identity();
        fc = plain ? LinearClassifier.Create(width, options.ClassCount) : new MlDecoder(width, options.ClassCount, options.DrawWeights);
        RegisterComponents();
        if (options.DrawWeights)
            InitializeWeights();
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    IReadOnlyList<nn.Module<Tensor, Tensor>> IStagedNetwork.Stages => [layer1, layer2, layer3, layer4];

    /// <summary>Scores images.</summary>
    /// <param name="input">Normalised pixels <c>[N, 3, H, W]</c>, at least 32×32.</param>
    /// <returns>Logits <c>[N, classes]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = Stem(input);
        foreach (BlockSequence stage in new[] { layer1, layer2, layer3, layer4 })
        {
            using Tensor previous = features;
            features = stage.call(previous);
        }

        return fc.call(global_pool.call(features)).MoveToOuterDisposeScope();
    }

    private Tensor Stem(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor output = conv1 is Sequential deep ? NormalizedConvolution.Apply(deep, input) : conv1.call(input);
        Tensor normalized = bn1.call(output);
        output.Dispose();
        return maxpool.call(normalized.relu_()).MoveToOuterDisposeScope();
    }

    private static nn.Module<Tensor, Tensor> Stem(ResNetStem kind)
    {
        if (kind == ResNetStem.Plain)
            return nn.Conv2d(3, StemWidth, kernel_size: 7, stride: 2, padding: 3, bias: false);

        int first = kind == ResNetStem.Deep ? 32 : 24;
        return nn.Sequential(
            nn.Conv2d(3, first, kernel_size: 3, stride: 2, padding: 1, bias: false),
            nn.BatchNorm2d(first),
            nn.ReLU(inplace: true),
            nn.Conv2d(first, 32, kernel_size: 3, padding: 1, bias: false),
            nn.BatchNorm2d(32),
            nn.ReLU(inplace: true),
            nn.Conv2d(32, StemWidth, kernel_size: 3, padding: 1, bias: false));
    }

    private static BlockSequence[] Stages(ResNetConfig config, double dropPathRate)
    {
        int blockCount = config.Depths.Sum();
        int block = 0;
        int inputWidth = StemWidth;
        var stages = new BlockSequence[config.Depths.Count];
        for (int i = 0; i < stages.Length; i++)
        {
            int width = StageWidth(config, i);
            var blocks = new List<nn.Module<Tensor, Tensor>>();
            for (int j = 0; j < config.Depths[i]; j++)
            {
                int stride = i > 0 && j == 0 ? 2 : 1;
                Sequential? shortcut = stride > 1 || inputWidth != width ? Shortcut(inputWidth, width, stride, config.AveragePoolShortcut) : null;
                double rate = dropPathRate * block++ / Math.Max(1, blockCount - 1);
                blocks.Add(config.Bottleneck
                    ? new ResNetBottleneck(inputWidth, width, stride, shortcut, config.ChannelAttention, rate)
                    : new ResNetBasicBlock(inputWidth, width, stride, shortcut, rate));
                inputWidth = width;
            }

            stages[i] = new BlockSequence(blocks);
        }

        return stages;
    }

    private static int StageWidth(ResNetConfig config, int stage) => (StemWidth << stage) * (config.Bottleneck ? ResNetBottleneck.Expansion : 1);

    private static Sequential Shortcut(int inputWidth, int width, int stride, bool averagePool) => averagePool
        ? nn.Sequential(
            stride > 1 ? nn.AvgPool2d(2, stride, ceil_mode: true, count_include_pad: false) : nn.Identity(),
            nn.Conv2d(inputWidth, width, kernel_size: 1, bias: false),
            nn.BatchNorm2d(width))
        : nn.Sequential(
            nn.Conv2d(inputWidth, width, kernel_size: 1, stride: stride, bias: false),
            nn.BatchNorm2d(width));

    // timm: He's normal distribution over the outputs for every convolution; the last norm of a branch starts at zero, so that
    // each block starts as its shortcut. The linear layer keeps PyTorch's draw.
    private void InitializeWeights()
    {
        using var noGrad = no_grad();
        foreach (nn.Module module in modules())
        {
            switch (module)
            {
                case Conv2d convolution:
                    nn.init.kaiming_normal_(convolution.weight, mode: nn.init.FanInOut.FanOut, nonlinearity: nn.init.NonlinearityType.ReLU);
                    break;
                case ResNetBottleneck block:
                    nn.init.zeros_(block.LastNorm.weight);
                    break;
                case ResNetBasicBlock block:
                    nn.init.zeros_(block.LastNorm.weight);
                    break;
            }
        }
    }
}
