using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// A transformer decoder's layer without self-attention (ML-Decoder, section 2.3): queries <c>[1 or N, Q, C]</c> and tokens
/// <c>[N, L, C]</c> to <c>[N, Q, C]</c>.
/// </summary>
internal sealed class QueryDecoderLayer : nn.Module<Tensor, Tensor, Tensor>
{
    // timm's numbers.
    private const int HeadCount = 8;
    private const int HiddenWidth = 2048;
    private const double DropoutRate = 0.1;

    private readonly LayerNorm norm1;
    private readonly CrossAttention multihead_attn;
    private readonly Linear linear1;
    private readonly Linear linear2;
    private readonly LayerNorm norm2;
    private readonly LayerNorm norm3;

    public QueryDecoderLayer(int width)
        : base(nameof(QueryDecoderLayer))
    {
        norm1 = nn.LayerNorm(width);
        multihead_attn = new CrossAttention(width, HeadCount, DropoutRate);
        linear1 = nn.Linear(width, HiddenWidth);
        linear2 = nn.Linear(HiddenWidth, width);
        norm2 = nn.LayerNorm(width);
        norm3 = nn.LayerNorm(width);
        RegisterComponents();
    }

    public void DrawWeights() => multihead_attn.DrawWeights();

    public override Tensor forward(Tensor queries, Tensor tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor target = norm1.call(queries.add(Drop(queries))); // where self-attention was
        target = norm2.call(target.add(Drop(multihead_attn.call(target, tokens))));
        Tensor hidden = Drop(linear1.call(target).relu_());
        return norm3.call(target.add(Drop(linear2.call(hidden)))).MoveToOuterDisposeScope();
    }

    private Tensor Drop(Tensor input) => training ? nn.functional.dropout(input, DropoutRate) : input;
}
