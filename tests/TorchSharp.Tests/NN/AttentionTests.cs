using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class AttentionTests
{
    private static Tensor Reference(Tensor query, Tensor key, Tensor value, Tensor? added = null)
    {
        var scores = query.matmul(key.transpose(-2, -1)) / Math.Sqrt(query.shape[^1]);
        if (added is not null) scores += added;
        return functional.softmax(scores, -1).matmul(value);
    }

    [Fact]
    public void Attention_is_a_softmax_of_scaled_products()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (randn(2, 3, 5, 8), randn(2, 3, 7, 8), randn(2, 3, 7, 4));

        TensorAssert.Close(Reference(query, key, value), functional.scaled_dot_product_attention(query, key, value), 1e-5);
    }

    [Fact]
    public void A_mask_is_added_or_selects()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (randn(2, 3, 5, 8), randn(2, 3, 7, 8), randn(2, 3, 7, 4));
        var bias = randn(5, 7);
        TensorAssert.Close(Reference(query, key, value, bias), functional.scaled_dot_product_attention(query, key, value, bias), 1e-5);

        var allowed = bias > -1;
        var excluded = zeros(5, 7).masked_fill(allowed.logical_not(), float.NegativeInfinity);
        TensorAssert.Close(Reference(query, key, value, excluded), functional.scaled_dot_product_attention(query, key, value, allowed), 1e-5);
    }

    [Fact]
    public void Causal_attention_sees_no_later_position()
    {
        using var scope = NewDisposeScope();
        var (query, key, value) = (randn(1, 4, 8), randn(1, 4, 8), randn(1, 4, 8));
        var later = ones(4, 4).triu(1).to(ScalarType.Bool);

        TensorAssert.Close(
            Reference(query, key, value, zeros(4, 4).masked_fill(later, float.NegativeInfinity)),
            functional.scaled_dot_product_attention(query, key, value, is_casual: true), 1e-5);
        Assert.Throws<ArgumentException>(() => functional.scaled_dot_product_attention(query, key, value, zeros(4, 4), is_casual: true));
    }

    [Fact]
    public void Multihead_attention_projects_attends_and_merges()
    {
        using var scope = NewDisposeScope();
        using var layer = MultiheadAttention(8, 2);
        Assert.Equal(
            ["in_proj_bias", "in_proj_weight", "out_proj.bias", "out_proj.weight"],
            layer.state_dict().Keys.Order(StringComparer.Ordinal));
        layer.get_parameter("in_proj_bias")!.detach().normal_();

        var (query, memory) = (randn(5, 3, 8), randn(6, 3, 8));
        var weight = layer.get_parameter("in_proj_weight")!;
        var bias = layer.get_parameter("in_proj_bias")!;
        Tensor Heads(Tensor input, int part) =>
            functional.linear(input, weight.narrow(0, part * 8, 8), bias.narrow(0, part * 8, 8))
                .reshape(input.shape[0], 3, 2, 4).permute(1, 2, 0, 3);
        var attended = Reference(Heads(query, 0), Heads(memory, 1), Heads(memory, 2)).permute(2, 0, 1, 3).reshape(5, 3, 8);
        var named = layer.named_parameters().ToDictionary(entry => entry.name, entry => entry.parameter);
        var expected = functional.linear(attended, named["out_proj.weight"], named["out_proj.bias"]);
        var (output, weights) = layer.call(query, memory, memory);

        TensorAssert.Close(expected, output, 1e-5);
        Assert.Equal(new long[] { 3, 5, 6 }, weights.shape);
        TensorAssert.Close(ones(3, 5), weights.sum(2), 1e-5);
    }

    [Fact]
    public void A_padding_mask_excludes_keys()
    {
        using var scope = NewDisposeScope();
        using var layer = MultiheadAttention(4, 2);
        var (query, memory) = (randn(2, 1, 4), randn(3, 1, 4));
        var padding = tensor(new[] { false, false, true }).unsqueeze(0);
        var (masked, weights) = layer.call(query, memory, memory, padding);
        var (shorter, _) = layer.call(query, memory.narrow(0, 0, 2), memory.narrow(0, 0, 2));

        TensorAssert.Close(shorter, masked, 1e-5);
        TensorAssert.Close([0.0, 0.0], weights.select(2, 2).view(-1));
    }
}
