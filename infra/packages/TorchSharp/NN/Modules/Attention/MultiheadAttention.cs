using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Inputs are [length, batch, embedding], as libtorch's module takes them. The parameters of the output projection are
/// registered flat, under their dotted names.</summary>
public sealed class MultiheadAttention : nn.Module<Tensor, Tensor, Tensor, Tensor?, bool, Tensor?, Tuple<Tensor, Tensor>>
{
    private readonly long _heads;
    private readonly double _dropout;

    internal MultiheadAttention(long embedded_dim, long num_heads, double dropout, bool bias)
        : base(nameof(MultiheadAttention))
    {
        if (embedded_dim % num_heads != 0) throw new ArgumentException("embed_dim must be divisible by num_heads");
        _heads = num_heads;
        _dropout = dropout;

        // The draws in libtorch's order: the output projection as a Linear, then the packed input projection.
        var inWeight = new Parameter(empty([3 * embedded_dim, embedded_dim]));
        var inBias = bias ? new Parameter(zeros([3 * embedded_dim])) : null;
        var output = nn.Linear(embedded_dim, embedded_dim, bias);
        if (output.bias is not null) nn.init.zeros_(output.bias);
        nn.init.xavier_uniform_(inWeight);

        Register("in_proj_weight", inWeight);
        Register("in_proj_bias", inBias);
        Register("out_proj.weight", output.weight);
        Register("out_proj.bias", output.bias);
    }

    public override Tuple<Tensor, Tensor> forward(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask, bool need_weights, Tensor? attn_mask)
    {
        using var scope = NewDisposeScope();
        var (length, batch, width) = (query.size(0), query.size(1), query.size(2));
        var headWidth = width / _heads;

        // [L, N, E] -> [N * heads, L, E / heads]
        Tensor Project(Tensor input, long part)
        {
            var weight = _internal_params["in_proj_weight"].narrow(0, part * width, width);
            var bias = get_parameter("in_proj_bias")?.narrow(0, part * width, width);
            return nn.functional.linear(input, weight, bias).view(input.size(0), batch * _heads, headWidth).transpose(0, 1);
        }

        var queries = Project(query, 0).mul(1 / Math.Sqrt(headWidth));
        var keys = Project(key, 1);
        var values = Project(value, 2);
        var scores = Mask(queries.bmm(keys.transpose(1, 2)), key_padding_mask, attn_mask, batch);
        var weights = nn.functional.softmax(scores, -1);
        var context = nn.functional.dropout(weights, _dropout, training).bmm(values);
        var merged = context.transpose(0, 1).contiguous().view(length, batch, width);
        var output = nn.functional.linear(merged, _internal_params["out_proj.weight"], get_parameter("out_proj.bias")).MoveToOuterDisposeScope();
        var mean = need_weights
            ? weights.view(batch, _heads, length, key.size(0)).sum(1).div(_heads).MoveToOuterDisposeScope()
            : null;
        return Tuple.Create(output, mean!);
    }

    public new Tuple<Tensor, Tensor> call(Tensor query, Tensor key, Tensor value, Tensor? key_padding_mask = null, bool need_weights = true, Tensor? attn_mask = null) =>
        base.call(query, key, value, key_padding_mask, need_weights, attn_mask);

    private void Register(string name, Parameter? parameter)
    {
        if (parameter is null) return;
        parameter.DetachFromDisposeScope();
        register_parameter(name, parameter);
    }

    /// <summary>scores [N * heads, L, S]; a boolean mask excludes where it is true, another is added.</summary>
    private Tensor Mask(Tensor scores, Tensor? keyPadding, Tensor? attention, long batch)
    {
        if (attention is not null)
        {
            scores = attention.dtype == ScalarType.Bool
                ? scores.masked_fill(attention, double.NegativeInfinity)
                : scores.add(attention);
        }

        if (keyPadding is null) return scores;
        var (length, size) = (scores.size(1), scores.size(2));
        return scores.view(batch, _heads, length, size)
            .masked_fill(keyPadding.unsqueeze(1).unsqueeze(2), double.NegativeInfinity)
            .view(batch * _heads, length, size);
    }
}
