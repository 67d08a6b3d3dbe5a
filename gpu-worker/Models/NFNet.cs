using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// NFNet: a residual network without norm layers, as DeepMind published it; weights are standardised and variances kept
/// by fixed factors instead.
/// <para>
/// Brock, De, Smith, Simonyan: High-Performance Large-Scale Image Recognition Without Normalization, ICML 2021,
/// https://arxiv.org/abs/2102.06171. Reference for parameter names, their order and every number: timm v1.0.28,
/// <c>timm/models/nfnet.py</c>, the <c>dm_nfnet</c> variants.
/// </para>
/// </summary>
public sealed class NFNet : nn.Module<Tensor, Tensor>, IFeatureNetwork, IStagedNetwork
{
    private const int FeatureWidth = 3072;

    private static readonly int[] StemWidths = [16, 32, 64, 128];
    private static readonly int[] StemStrides = [2, 1, 1, 2];
    private static readonly int[] Widths = [256, 512, 1536, 1536];

    // Fields carry the names of the published weights' keys: torch registers them under their field names.
    private readonly Sequential stem;
    private readonly Sequential stages;
    private readonly ScaledStandardizedConvolution final_conv;
    private readonly ScaledGelu final_act;
    private readonly nn.Module<Tensor, Tensor> head;

    /// <summary>Builds the network.</summary>
    /// <param name="config">Which NFNet.</param>
    /// <param name="options">What the caller decides.</param>
    public NFNet(NFNetConfig config, ModelOptions options)
        : base(nameof(NFNet))
    {
        stem = Stem();
        stages = Stages(config, options.DropPathRate);
        final_conv = new ScaledStandardizedConvolution(Widths[^1], FeatureWidth, kernelSize: 1);
        final_act = new ScaledGelu();
        head = options.Head == HeadKind.MlDecoder
            ? new MlDecoder(FeatureWidth, options.ClassCount, options.DrawWeights)
            : new PooledClassifier(FeatureWidth, options.ClassCount);
        RegisterComponents();
        if (options.DrawWeights)
            InitializeWeights();
    }

    /// <inheritdoc/>
    public int FeatureCount => FeatureWidth;

    /// <inheritdoc/>
    IReadOnlyList<nn.Module<Tensor, Tensor>> IStagedNetwork.Stages => [.. stages.children().Cast<nn.Module<Tensor, Tensor>>()];

    /// <summary>Scores images.</summary>
    /// <param name="input">Normalised pixels <c>[N, 3, H, W]</c>.</param>
    /// <returns>Logits <c>[N, classes]</c>.</returns>
    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return LayerChain.Call(input, stem, stages, final_conv, final_act, head).MoveToOuterDisposeScope();
    }

    private static Sequential Stem()
    {
        var layers = new List<(string, nn.Module<Tensor, Tensor>)>();
        int inputWidth = 3;
        for (int i = 0; i < StemWidths.Length; i++)
        {
            if (i > 0) // None after the last: the first block begins with one.
                layers.Add(($"act{i + 1}", new ScaledGelu()));

            layers.Add(($"conv{i + 1}", new ScaledStandardizedConvolution(inputWidth, StemWidths[i], kernelSize: 3, StemStrides[i])));
            inputWidth = StemWidths[i];
        }

        return nn.Sequential(layers);
    }

    private static Sequential Stages(NFNetConfig config, double dropPathRate)
    {
        int blockCount = config.Depths.Sum();
        int builtBlocks = 0;
        int inputWidth = StemWidths[^1];
        double expectedVariance = 1;
        var stages = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (int stage = 0; stage < config.Depths.Count; stage++)
        {
            var blocks = new List<nn.Module<Tensor, Tensor>>();
            for (int block = 0; block < config.Depths[stage]; block++)
            {
                int stride = stage > 0 && block == 0 ? 2 : 1;
                double rate = dropPathRate * builtBlocks++ / (blockCount - 1);
                blocks.Add(new NFNetBlock(inputWidth, Widths[stage], stride, 1 / Math.Sqrt(expectedVariance), rate));

                // A stage's first block has a convolution in its shortcut, whose output has variance 1 again.
                expectedVariance = (block == 0 ? 1 : expectedVariance) + (NFNetBlock.Alpha * NFNetBlock.Alpha);
                inputWidth = Widths[stage];
            }

            stages.Add(($"{stage}", new BlockSequence(blocks)));
        }

        return nn.Sequential(stages);
    }

    private void InitializeWeights()
    {
        stem.apply(InitializeWeights);
        stages.apply(InitializeWeights);
        final_conv.apply(InitializeWeights);
        if (head is PooledClassifier) // ML-Decoder has drawn its own.
            head.apply(InitializeWeights);
    }

    // timm: He's normal distribution of gain 1 for convolutions, deviation 0.01 for the classifier, zero biases. Branches
    // start at zero through skipinit_gain.
    private static void InitializeWeights(nn.Module module)
    {
        using var noGrad = no_grad();
        switch (module)
        {
            case ScaledStandardizedConvolution convolution:
                nn.init.kaiming_normal_(convolution.WeightParameter, nonlinearity: nn.init.NonlinearityType.Linear);
                break;
            case PointwiseConvolution pointwise:
                nn.init.kaiming_normal_(pointwise.WeightParameter, nonlinearity: nn.init.NonlinearityType.Linear);
                break;
            case Linear linear:
                nn.init.normal_(linear.weight, mean: 0, std: 0.01);
                nn.init.zeros_(linear.bias!);
                break;
        }
    }
}
