using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// ConvNeXt: a convolutional network with the macro design of a vision transformer.
/// <para>
/// Liu, Mao, Wu, Feichtenhofer, Darrell, Xie: A ConvNet for the 2020s, CVPR 2022, https://arxiv.org/abs/2201.03545.
/// Reference for parameter names, their order and every number: timm v1.0.28, <c>timm/models/convnext.py</c>.
/// </para>
/// </summary>
public sealed class ConvNeXt : nn.Module<Tensor, Tensor>, IFeatureNetwork, IStagedNetwork
{
    private const int PatchSize = 4;

    // Fields carry the names of the published weights' keys: torch registers them under their field names.
    private readonly Sequential stem;
    private readonly Sequential stages;
    private readonly nn.Module<Tensor, Tensor> head;

    /// <summary>Builds the network.</summary>
    /// <param name="config">Which ConvNeXt.</param>
    /// <param name="options">What the caller decides.</param>
    public ConvNeXt(ConvNeXtConfig config, ModelOptions options)
        : base(nameof(ConvNeXt))
    {
        stem = nn.Sequential(
            ("0", nn.Conv2d(3, config.Widths[0], kernel_size: PatchSize, stride: PatchSize)),
            ("1", new LayerNorm2d(config.Widths[0])));

        int blockCount = config.Depths.Sum();
        int firstBlock = 0;
        var built = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (int i = 0; i < config.Depths.Count; i++)
        {
            double[] dropPathRates = [.. Enumerable.Range(firstBlock, config.Depths[i]).Select(block => options.DropPathRate * block / Math.Max(1, blockCount - 1))];
            built.Add(($"{i}", new ConvNeXtStage(i == 0 ? null : config.Widths[i - 1], config.Widths[i], dropPathRates, config.ConvolutionalMlp, options.LayerScaleInitialValue)));
            firstBlock += config.Depths[i];
        }

        stages = nn.Sequential(built);
        FeatureCount = config.Widths[^1];
        head = options.Head == HeadKind.MlDecoder
            ? new MlDecoder(config.Widths[^1], options.ClassCount, options.DrawWeights)
            : new ClassifierHead(config.Widths[^1], options.ClassCount);
        RegisterComponents();
        if (options.DrawWeights)
            InitializeWeights();
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    IReadOnlyList<nn.Module<Tensor, Tensor>> IStagedNetwork.Stages => [.. stages.children().Cast<nn.Module<Tensor, Tensor>>()];

    /// <summary>Scores images.</summary>
    /// <param name="input">Normalised pixels <c>[N, 3, H, W]</c>, at least 32×32.</param>
    /// <returns>Logits <c>[N, classes]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return head.call(stages.call(stem.call(input))).MoveToOuterDisposeScope();
    }

    private void InitializeWeights()
    {
        stem.apply(InitializeWeights);
        stages.apply(InitializeWeights);
        if (head is ClassifierHead) // ML-Decoder has drawn its own.
            head.apply(InitializeWeights);
    }

    // timm: normal of 0.02 for every convolution and linear layer, cut off at ±2, which is 100 deviations and so never; zero
    // for their biases. Not by trunc_normal_: TorchSharp 0.106's fills with the deviation itself.
    private static void InitializeWeights(nn.Module module)
    {
        (Parameter? weight, Parameter? bias) = module switch
        {
            Conv2d convolution => (convolution.weight, convolution.bias),
            Linear linear => (linear.weight, linear.bias),
            PointwiseConvolution pointwise => (pointwise.WeightParameter, pointwise.BiasParameter),
            _ => (null, null),
        };
        if (weight is null || bias is null)
            return;

        using var noGrad = no_grad();
        nn.init.normal_(weight, mean: 0, std: 0.02);
        nn.init.zeros_(bias);
    }
}
