using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// Queries <c>[1 or N, Q, C]</c> look at tokens <c>[N, L, C]</c>: multi-head attention (Vaswani et al. 2017,
/// https://arxiv.org/abs/1706.03762, section 3.2.2) with the names of PyTorch's <c>MultiheadAttention</c>, batch first.
/// </summary>
internal sealed class CrossAttention : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly int width;
    private readonly int headCount;
    private readonly double dropoutRate;
    private readonly Parameter in_proj_weight; // queries', keys' and values' rows
    private readonly Parameter in_proj_bias;
    private readonly Linear out_proj;

    public CrossAttention(int width, int headCount, double dropoutRate)
        : base(nameof(CrossAttention))
    {
        this.width = width;
        this.headCount = headCount;
        this.dropoutRate = dropoutRate;
        in_proj_weight = new Parameter(empty(3 * width, width));
        in_proj_bias = new Parameter(zeros(3 * width));
        out_proj = nn.Linear(width, width);
        RegisterComponents();
    }

    /// <summary>As PyTorch does it: Glorot for the three projections together, no biases; the last layer keeps a linear layer's draw.</summary>
    public void DrawWeights()
    {
        using var noGrad = no_grad();
        nn.init.xavier_uniform_(in_proj_weight);
        nn.init.zeros_(out_proj.bias!);
    }

    public override Tensor forward(Tensor queries, Tensor tokens)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long length, int headWidth) = (tokens.shape[0], tokens.shape[1], width / headCount);
        Tensor query = nn.functional.linear(queries, in_proj_weight.narrow(0, 0, width), in_proj_bias.narrow(0, 0, width))
            .mul(1 / Math.Sqrt(headWidth))
            .reshape(queries.shape[0], queries.shape[1], headCount, headWidth).transpose(1, 2); // [1 or N, heads, Q, C / heads]
        Tensor keysAndValues = TokenProjection.Project(tokens, in_proj_weight.narrow(0, width, 2 * width), in_proj_bias.narrow(0, width, 2 * width))
            .transpose(1, 2).reshape(batch, 2, headCount, headWidth, length); // [N, 2, heads, C / heads, L]: as the convolution left it
        Tensor weights = query.matmul(keysAndValues.select(1, 0)).softmax(-1); // [N, heads, Q, L]
        if (training)
            weights = nn.functional.dropout(weights, dropoutRate);

        Tensor context = weights.matmul(keysAndValues.select(1, 1).transpose(2, 3)); // [N, heads, Q, C / heads]
        return out_proj.call(context.transpose(1, 2).reshape(batch, -1, width)).MoveToOuterDisposeScope();
    }
}
