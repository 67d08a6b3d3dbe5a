using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// Swin Transformer: attention within windows that are shifted from block to block, over a feature pyramid.
/// <para>
/// Liu, Lin, Cao, Hu, Wei, Zhang, Lin, Guo: Swin Transformer: Hierarchical Vision Transformer using Shifted Windows, ICCV
/// 2021, https://arxiv.org/abs/2103.14030. Reference for parameter names, their order and every number: timm v1.0.28,
/// <c>timm/models/swin_transformer.py</c>; for <see cref="SwinTransformerConfig.PadsBeforeShift"/> torchvision v0.14.1,
/// <c>torchvision/models/swin_transformer.py</c>.
/// </para>
/// </summary>
public sealed class SwinTransformer : nn.Module<Tensor, Tensor>, IFeatureNetwork, IStagedNetwork
{
    private const int PatchSize = 4;

    // Below, a stage would have less than one token to look at.
    private const int SmallestInput = 32;

    private readonly ImageSize inputSize;
    private readonly bool takesThatSizeAlone;
    private readonly bool takesWholePatchesAlone;

    // Fields carry the names of the published weights' keys: torch registers them under their field names.
    private readonly SwinPatchEmbedding patch_embed;
    private readonly Sequential layers;
    private readonly LayerNorm norm;
    private readonly nn.Module<Tensor, Tensor> head;

    /// <summary>Builds the network.</summary>
    /// <param name="config">Which Swin Transformer.</param>
    /// <param name="options">What the caller decides; torchvision's have windows of one size and take any image.</param>
    /// <exception cref="ArgumentException">The input size is below 32×32.</exception>
    public SwinTransformer(SwinTransformerConfig config, ModelOptions options)
        : base(nameof(SwinTransformer))
    {
        inputSize = options.InputSize ?? new(config.InputSize, config.InputSize);
        takesThatSizeAlone = options.StrictInputSize && !config.PadsBeforeShift;
        takesWholePatchesAlone = !config.PadsBeforeShift;
        if (Math.Min(inputSize.Height, inputSize.Width) < SmallestInput)
            throw new ArgumentException($"A Swin Transformer for images of {inputSize.Height}×{inputSize.Width} pixels cannot be built: {SmallestInput}×{SmallestInput} is the least.", nameof(options));

        patch_embed = new SwinPatchEmbedding(PatchSize, config.Width);
        int blockCount = config.Depths.Sum();
        int firstBlock = 0;
        var built = new List<(string, nn.Module<Tensor, Tensor>)>();
        for (int i = 0; i < config.Depths.Count; i++)
        {
            double[] dropPathRates = [.. Enumerable.Range(firstBlock, config.Depths[i]).Select(block => options.DropPathRate * block / Math.Max(1, blockCount - 1))];
            TokenSize resolution = new(inputSize.Height / PatchSize >> i, inputSize.Width / PatchSize >> i);
            built.Add(($"{i}", new SwinStage(config.Width << i, merges: i > 0, resolution, config.WindowSize, config.PadsBeforeShift, dropPathRates)));
            firstBlock += config.Depths[i];
        }

        layers = nn.Sequential(built);
        int width = config.Width << (config.Depths.Count - 1);
        FeatureCount = width;
        norm = nn.LayerNorm(width);
        head = options.Head == HeadKind.MlDecoder
            ? new MlDecoder(width, options.ClassCount, options.DrawWeights)
            : new TokenPoolHead(width, options.ClassCount);
        RegisterComponents();
        if (options.DrawWeights)
            DrawWeights();
    }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <inheritdoc/>
    IReadOnlyList<nn.Module<Tensor, Tensor>> IStagedNetwork.Stages => [.. layers.children().Cast<nn.Module<Tensor, Tensor>>()];

    /// <inheritdoc/>
    long[] IStagedNetwork.PlaceDimensions => [1, 2]; // [N, H, W, C]

    /// <summary>Scores images.</summary>
    /// <param name="input">Normalised pixels <c>[N, 3, H, W]</c>.</param>
    /// <returns>Logits <c>[N, classes]</c>.</returns>
    /// <exception cref="ArgumentException">The network was not built for images of that size.</exception>
    public override Tensor forward(Tensor input)
    {
        CheckSize(input.shape[2], input.shape[3]);
        using DisposeScope scope = NewDisposeScope();
        Tensor features = norm.call(layers.call(patch_embed.call(input))); // [N, H/32, W/32, C]
        return head.call(features.flatten(1, 2)).MoveToOuterDisposeScope(); // tokens [N, H/32·W/32, C]
    }

    private void CheckSize(long height, long width)
    {
        if (takesThatSizeAlone && (height, width) != (inputSize.Height, inputSize.Width))
            throw new ArgumentException($"This Swin Transformer was built for images of {inputSize.Height}×{inputSize.Width} pixels and is given {height}×{width}. Build it for that size ({nameof(ModelOptions)}.{nameof(ModelOptions.InputSize)}) or for any ({nameof(ModelOptions.StrictInputSize)} false).");

        if (takesWholePatchesAlone && !takesThatSizeAlone && (height % PatchSize != 0 || width % PatchSize != 0))
            throw new ArgumentException($"A Swin Transformer takes images whose height and width are multiples of {PatchSize} pixels and is given {height}×{width}.");
    }

    private void DrawWeights()
    {
        layers.apply(DrawWeights);
        if (head is TokenPoolHead) // ML-Decoder has drawn its own.
            head.apply(DrawWeights);
    }

    // timm: normal of 0.02 for every linear layer and position table, cut off at ±2, which is 100 deviations and so never; zero
    // for biases; the patches' convolution as PyTorch draws it. Not by trunc_normal_: TorchSharp 0.106's fills with the
    // deviation itself.
    private static void DrawWeights(nn.Module module)
    {
        (Parameter? weight, Parameter? bias) = module switch
        {
            PointwiseConvolution pointwise => (pointwise.WeightParameter, pointwise.BiasParameter),
            Linear linear => (linear.weight, linear.bias),
            ShiftedWindowAttention attention => (attention.PositionTable, null),
            _ => (null, null),
        };
        using var noGrad = no_grad();
        if (weight is not null)
            nn.init.normal_(weight, mean: 0, std: 0.02);

        if (bias is not null)
            nn.init.zeros_(bias);
    }
}
