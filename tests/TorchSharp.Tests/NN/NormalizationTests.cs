using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class NormalizationTests
{
    [Fact]
    public void Batch_normalization_uses_the_batch_in_training_and_updates_the_running_statistics()
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm2d(3, momentum: 0.2);
        var input = randn(4, 3, 5, 6) * 2 + 1;
        var mean = input.mean([0, 2, 3]);
        var variance = (input - mean.view(1, 3, 1, 1)).pow(2).mean([0, 2, 3]);
        var expected = (input - mean.view(1, 3, 1, 1)) / (variance.view(1, 3, 1, 1) + 1e-5).sqrt();

        TensorAssert.Close(expected, layer.call(input), 1e-4);
        TensorAssert.Close(mean * 0.2, layer.running_mean!, 1e-5);
        // The running variance is the unbiased one: n / (n - 1), n = 4 * 5 * 6.
        TensorAssert.Close((variance * (120.0 / 119.0) * 0.2) + 0.8, layer.running_var!, 1e-5);
        Assert.Equal(1, layer.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void Batch_normalization_uses_the_running_statistics_in_evaluation_and_leaves_them()
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm1d(2);
        layer.eval();
        layer.running_mean!.copy_(tensor(new float[] { 1, 2 }));
        layer.running_var!.copy_(tensor(new float[] { 4, 9 }));
        layer.weight.detach().copy_(tensor(new float[] { 2, 3 }));
        layer.bias!.detach().copy_(tensor(new float[] { 0.5f, -0.5f }));
        var input = tensor(new float[,] { { 3, 8 }, { -1, 2 } });

        TensorAssert.Close([2.5, 5.5, -1.5, -0.5], layer.call(input), 1e-4);
        TensorAssert.Close([1.0, 2.0], layer.running_mean);
        Assert.Equal(0, layer.num_batches_tracked!.item<long>());
    }

    [Fact]
    public void Batch_normalization_without_running_statistics_has_no_buffers()
    {
        using var scope = NewDisposeScope();
        using var layer = BatchNorm3d(2, track_running_stats: false);
        layer.eval();
        var output = layer.call((randn(new long[] { 2, 2, 3, 4, 5 }) * 3) + 2);

        Assert.Empty(layer.named_buffers());
        TensorAssert.Close([0.0, 0.0], output.mean([0, 2, 3, 4]), 1e-5);
    }

    [Fact]
    public void Batch_normalization_refuses_other_dimensions()
    {
        using var two = BatchNorm2d(2);
        using var three = BatchNorm3d(2);
        using var input = randn(2, 2, 3);

        Assert.Throws<ArgumentException>(() => two.call(input));
        Assert.Throws<ArgumentException>(() => three.call(input));
    }

    [Fact]
    public void Layer_normalization_works_over_the_last_dimensions()
    {
        using var scope = NewDisposeScope();
        using var layer = LayerNorm([3, 4], eps: 1e-6);
        var input = randn(5, 3, 4);
        var mean = input.mean([1, 2], keepdim: true);
        var variance = (input - mean).pow(2).mean([1, 2], keepdim: true);

        TensorAssert.Close((input - mean) / (variance + 1e-6).sqrt(), layer.call(input), 1e-5);
        Assert.Equal(["bias", "weight"], layer.named_parameters().Select(entry => entry.name).Order());
    }

    [Fact]
    public void Layer_normalization_can_lack_the_bias_or_both()
    {
        using var withoutBias = LayerNorm(4, bias: false);
        using var plain = LayerNorm(4, elementwise_affine: false);

        Assert.Equal(["weight"], withoutBias.named_parameters().Select(entry => entry.name));
        Assert.Empty(plain.parameters());
    }

    [Fact]
    public void Group_normalization_works_over_groups_of_channels()
    {
        using var scope = NewDisposeScope();
        using var layer = GroupNorm(2, 4);
        init.ones_(layer.weight);
        init.zeros_(layer.bias!);
        var input = randn(3, 4, 5);
        var grouped = input.view(3, 2, 10);
        var mean = grouped.mean([2], keepdim: true);
        var variance = (grouped - mean).pow(2).mean([2], keepdim: true);

        TensorAssert.Close(((grouped - mean) / (variance + 1e-5).sqrt()).view(3, 4, 5), layer.call(input), 1e-5);
    }

    [Fact]
    public void Instance_normalization_works_over_each_plane()
    {
        using var scope = NewDisposeScope();
        using var layer = InstanceNorm2d(2);
        var output = layer.call((randn(3, 2, 6, 7) * 4) - 1);

        TensorAssert.Close(new double[6], output.mean([2, 3]).view(-1), 1e-5);
        Assert.Equal(new long[] { 2, 6, 7 }, layer.call(randn(2, 6, 7)).shape);
    }

    [Fact]
    public void Vectors_are_scaled_to_unit_length()
    {
        using var scope = NewDisposeScope();
        var input = tensor(new float[,] { { 3, 4 }, { 0, 0 } });

        TensorAssert.Close([0.6, 0.8, 0.0, 0.0], functional.normalize(input));
        TensorAssert.Close([1.0, 1.0, 0.0, 0.0], functional.normalize(input, p: 1, dim: 0).abs());
    }
}
