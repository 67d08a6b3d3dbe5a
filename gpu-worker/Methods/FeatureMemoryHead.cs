using CloudPipe.Methods;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Methods;

/// <summary>
/// A transformer over the features of a video's clips, <c>[N, k, D]</c> to logits <c>[N, classes]</c>: a learnt token reads
/// them, and each knows its place in time. Vaswani et al. 2017, https://arxiv.org/abs/1706.03762; norms before the branches and
/// the class token as in Dosovitskiy et al., ViT, ICLR 2021, https://arxiv.org/abs/2010.11929, section 3.1.
/// </summary>
internal sealed class FeatureMemoryHead : nn.Module<Tensor, Tensor>
{
    // ViT's.
    private const double InitialDeviation = 0.02;

    private readonly Linear embed;
    private readonly Parameter cls_token; // [1, 1, width]
    private readonly Parameter pos_embed; // [1, k, width]
    private readonly ModuleList<FeatureMemoryBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear fc;

    public FeatureMemoryHead(FeatureHead size, int clipCount, int featureCount, int classCount, bool drawWeights)
        : base(nameof(FeatureMemoryHead))
    {
        ClipCount = clipCount;
        FeatureCount = featureCount;
        embed = nn.Linear(featureCount, size.Width);
        cls_token = new Parameter(zeros(1, 1, size.Width));
        pos_embed = new Parameter(zeros(1, clipCount, size.Width));
        blocks = new ModuleList<FeatureMemoryBlock>([.. Enumerable.Range(0, size.Layers).Select(_ => new FeatureMemoryBlock(size.Width, size.AttentionHeads))]);
        norm = nn.LayerNorm(size.Width);
        fc = nn.Linear(size.Width, classCount);
        RegisterComponents();
        if (drawWeights)
            DrawWeights();
    }

    public int ClipCount { get; }

    public int FeatureCount { get; }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor clips = embed.call(input).add(pos_embed);
        Tensor tokens = cat([cls_token.expand(input.shape[0], -1, -1), clips], dim: 1); // [N, 1 + k, width]
        foreach (FeatureMemoryBlock block in blocks)
            tokens = block.call(tokens);

        return fc.call(norm.call(tokens.select(1, 0))).MoveToOuterDisposeScope();
    }

    private void DrawWeights()
    {
        using var noGrad = no_grad();
        nn.init.normal_(cls_token, std: InitialDeviation);
        nn.init.normal_(pos_embed, std: InitialDeviation);
        foreach (FeatureMemoryBlock block in blocks)
            block.DrawWeights();
    }
}
