using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// EfficientNet: inverted residual blocks, scaled in width and depth together.
/// <para>
/// Tan, Le: EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks, ICML 2019,
/// https://arxiv.org/abs/1905.11946. Reference for parameter names, their order and every number: timm v1.0.28,
/// <c>timm/models/efficientnet.py</c>.
/// </para>
/// </summary>
public sealed class EfficientNet : nn.Module<Tensor, Tensor>, IFeatureNetwork, IStagedNetwork
{
    private const double TensorFlowEpsilon = 1e-3;
    private const double PyTorchEpsilon = 1e-5;
    private const int StemWidth = 32;
    private const int FeatureWidth = 1280;

    private static readonly EfficientNetStage[] StagesOfB0 =
    [
        new(Depth: 1, Width: 16, KernelSize: 3, Stride: 1, Expansion: 1),
        new(Depth: 2, Width: 24, KernelSize: 3, Stride: 2, Expansion: 6),
        new(Depth: 2, Width: 40, KernelSize: 5, Stride: 2, Expansion: 6),
        new(Depth: 3, Width: 80, KernelSize: 3, Stride: 2, Expansion: 6),
        new(Depth: 3, Width: 112, KernelSize: 5, Stride: 1, Expansion: 6),
        new(Depth: 4, Width: 192, KernelSize: 5, Stride: 2, Expansion: 6),
        new(Depth: 1, Width: 320, KernelSize: 3, Stride: 1, Expansion: 6),
    ];

    // Fields carry the names of the published weights' keys: torch registers them under their field names.
    private readonly SameConvolution conv_stem;
    private readonly BatchNormActivation bn1;
    private readonly Sequential blocks;
    private readonly SameConvolution conv_head;
    private readonly BatchNormActivation bn2;
    private readonly nn.Module<Tensor, Tensor> global_pool;
    private readonly nn.Module<Tensor, Tensor> classifier;

    /// <summary>Builds the network.</summary>
    /// <param name="config">Which EfficientNet.</param>
    /// <param name="options">What the caller decides.</param>
    public EfficientNet(EfficientNetConfig config, ModelOptions options)
        : base(nameof(EfficientNet))
    {
        double epsilon = config.TensorFlow ? TensorFlowEpsilon : PyTorchEpsilon;
        int stemWidth = Scale(StemWidth, config);
        int lastWidth = Scale(StagesOfB0[^1].Width, config);
        int featureWidth = Scale(FeatureWidth, config);
        FeatureCount = featureWidth;
        conv_stem = new SameConvolution(3, stemWidth, kernelSize: 3, config.TensorFlow, stride: 2);
        bn1 = new BatchNormActivation(stemWidth, epsilon);
        blocks = Blocks(config, stemWidth, epsilon, options.DropPathRate);
        conv_head = new SameConvolution(lastWidth, featureWidth, kernelSize: 1, config.TensorFlow);
        bn2 = new BatchNormActivation(featureWidth, epsilon);
        bool plain = options.Head == HeadKind.Plain;
        global_pool = plain ? new GlobalAveragePool() : nn.Identity();
        classifier = plain ? LinearClassifier.Create(featureWidth, options.ClassCount) : new MlDecoder(featureWidth, options.ClassCount, options.DrawWeights);
        RegisterComponents();
        if (options.DrawWeights)
            InitializeWeights();
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    IReadOnlyList<nn.Module<Tensor, Tensor>> IStagedNetwork.Stages => [.. blocks.children().Cast<nn.Module<Tensor, Tensor>>()];

    /// <summary>Scores images.</summary>
    /// <param name="input">Normalised pixels <c>[N, 3, H, W]</c>.</param>
    /// <returns>Logits <c>[N, classes]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();

        // Channels-last by strides: every layer keeps them, and none has to reorder its input and output (4 to 9 % of the time
        // of B0 on the CPU).
        Tensor pixels = input.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
        return LayerChain.Call(pixels, conv_stem, bn1, blocks, conv_head, bn2, global_pool, classifier).MoveToOuterDisposeScope();
    }

    private static Sequential Blocks(EfficientNetConfig config, int stemWidth, double epsilon, double dropPathRate)
    {
        int[] depths = [.. StagesOfB0.Select(stage => (int)Math.Ceiling(stage.Depth * config.DepthFactor))];
        int blockCount = depths.Sum();
        int builtBlocks = 0;
        int inputWidth = stemWidth;
        var stages = new List<(string, nn.Module<Tensor, Tensor>)>();
        foreach ((EfficientNetStage stage, int depth) in StagesOfB0.Zip(depths))
        {
            int width = Scale(stage.Width, config);
            var built = new List<nn.Module<Tensor, Tensor>>();
            for (int i = 0; i < depth; i++)
            {
                int stride = i == 0 ? stage.Stride : 1;
                double rate = dropPathRate * builtBlocks++ / blockCount;
                built.Add(stage.Expansion == 1
                    ? new DepthwiseSeparableBlock(inputWidth, width, stage.KernelSize, stride, config.TensorFlow, epsilon, rate)
                    : new InvertedResidualBlock(inputWidth, width, stage.Expansion, stage.KernelSize, stride, config.TensorFlow, epsilon, rate));
                inputWidth = width;
            }

            stages.Add(($"{stages.Count}", new BlockSequence(built)));
        }

        return nn.Sequential(stages);
    }

    // To the nearest multiple of 8, but never by more than a tenth down (the authors' round_filters).
    private static int Scale(int width, EfficientNetConfig config)
    {
        double exact = width * config.WidthFactor;
        int rounded = Math.Max(8, (int)(exact + 4) / 8 * 8);
        return rounded < 0.9 * exact ? rounded + 8 : rounded;
    }

    private void InitializeWeights()
    {
        conv_stem.apply(InitializeWeights);
        blocks.apply(InitializeWeights);
        conv_head.apply(InitializeWeights);
        if (classifier is Linear) // ML-Decoder has drawn its own.
            classifier.apply(InitializeWeights);
    }

    // timm, after the authors: He's normal distribution by fan-out for convolutions, uniform by the number of classes for
    // the classifier, zero biases.
    private static void InitializeWeights(nn.Module module)
    {
        using var noGrad = no_grad();
        switch (module)
        {
            case SameConvolution convolution:
                DrawByFanOut(convolution.WeightParameter, convolution.Groups);
                break;
            case PointwiseConvolution pointwise:
                DrawByFanOut(pointwise.WeightParameter, groups: 1);
                break;
            case Linear linear:
                double range = 1 / Math.Sqrt(linear.weight.shape[0]);
                nn.init.uniform_(linear.weight, -range, range);
                nn.init.zeros_(linear.bias!);
                break;
        }
    }

    private static void DrawByFanOut(Parameter weight, long groups)
    {
        long[] shape = weight.shape;
        long fanOut = shape[0] * shape[2] * shape[3] / groups;
        nn.init.normal_(weight, mean: 0, std: Math.Sqrt(2.0 / fanOut));
    }
}
