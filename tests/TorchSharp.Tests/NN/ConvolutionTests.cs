using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class ConvolutionTests
{
    [Fact]
    public void Two_dimensional_convolution_is_the_sum_over_the_window()
    {
        using var scope = NewDisposeScope();
        using var layer = Conv2d(2, 3, (3, 2), stride: (2, 1), padding: (1, 0), dilation: (1, 2));
        var input = randn(2, 2, 5, 6);
        var expected = zeros(2, 3, 3, 4);
        for (var n = 0; n < 2; n++)
            for (var o = 0; o < 3; o++)
                for (var y = 0; y < 3; y++)
                    for (var x = 0; x < 4; x++)
                    {
                        var sum = layer.bias![o].item<float>();
                        for (var c = 0; c < 2; c++)
                            for (var ky = 0; ky < 3; ky++)
                                for (var kx = 0; kx < 2; kx++)
                                {
                                    var (row, column) = ((y * 2) + ky - 1, x + (2 * kx));
                                    if (row is >= 0 and < 5) sum += input[n, c, row, column].item<float>() * layer.weight[o, c, ky, kx].item<float>();
                                }

                        expected[n, o, y, x] = sum;
                    }

        TensorAssert.Close(expected, layer.call(input), 1e-5);
    }

    [Fact]
    public void Groups_keep_channels_apart()
    {
        using var scope = NewDisposeScope();
        using var layer = Conv2d(2, 2, 1, groups: 2, bias: false);
        Assert.Equal(new long[] { 2, 1, 1, 1 }, layer.weight.shape);
        var input = randn(1, 2, 3, 3);

        TensorAssert.Close(input * layer.weight.view(1, 2, 1, 1), layer.call(input));
    }

    [Theory]
    [InlineData(PaddingModes.Reflect)]
    [InlineData(PaddingModes.Replicate)]
    [InlineData(PaddingModes.Circular)]
    public void A_padding_mode_pads_before_the_convolution(PaddingModes mode)
    {
        using var scope = NewDisposeScope();
        using var layer = Conv2d(1, 1, (3, 3), padding: (1, 2), padding_mode: mode);
        var input = randn(1, 1, 5, 6);
        var padded = functional.pad(input, (2, 2, 1, 1), mode);

        TensorAssert.Close(functional.conv2d(padded, layer.weight, layer.bias), layer.call(input));
    }

    [Fact]
    public void Same_padding_keeps_the_size()
    {
        using var scope = NewDisposeScope();
        using var one = Conv1d(1, 2, 4, Padding.Same);
        using var three = Conv3d(1, 2, (3, 1, 5), Padding.Same, dilation: (2, 1, 1));

        Assert.Equal(new long[] { 1, 2, 9 }, one.call(randn(1, 1, 9)).shape);
        Assert.Equal(new long[] { 1, 2, 4, 5, 6 }, three.call(randn(new long[] { 1, 1, 4, 5, 6 })).shape);
        Assert.Throws<ArgumentException>(() => Conv2d(1, 1, 3, Padding.Same, stride: 2));
    }

    [Fact]
    public void One_and_three_dimensions_match_two_dimensions_with_unit_sizes()
    {
        using var scope = NewDisposeScope();
        using var one = Conv1d(2, 3, 3, stride: 2, padding: 1);
        var signal = randn(2, 2, 7);
        var plane = functional.conv2d(signal.unsqueeze(2), one.weight.unsqueeze(2), one.bias, [1, 2], [0, 1]);
        TensorAssert.Close(plane.squeeze(2), one.call(signal), 1e-5);

        using var three = Conv3d(2, 3, (1, 3, 2), stride: (1, 2, 1), padding: (0, 1, 0));
        var clip = randn(new long[] { 1, 2, 4, 6, 5 });
        var frames = clip.transpose(1, 2).reshape(4, 2, 6, 5);
        var single = functional.conv2d(frames, three.weight.squeeze(2), three.bias, [2, 1], [1, 0]);
        TensorAssert.Close(single.unsqueeze(0).transpose(1, 2), three.call(clip), 1e-5);
    }

    [Fact]
    public void An_unbatched_input_gives_an_unbatched_result_and_other_channels_are_refused()
    {
        using var scope = NewDisposeScope();
        using var layer = Conv2d(3, 4, 3);

        Assert.Equal(new long[] { 4, 3, 3 }, layer.call(randn(3, 5, 5)).shape);
        Assert.Throws<ArgumentException>(() => layer.call(randn(1, 2, 5, 5)));
    }

    [Fact]
    public void A_transposed_convolution_is_the_gradient_of_the_convolution()
    {
        using var scope = NewDisposeScope();
        using var layer = ConvTranspose2d(3, 2, (3, 3), stride: (2, 2), padding: (1, 1), bias: false);
        Assert.Equal(new long[] { 3, 2, 3, 3 }, layer.weight.shape);
        var input = randn(1, 3, 4, 4);
        var image = zeros(1, 2, 7, 7).requires_grad_();
        var product = (functional.conv2d(image, layer.weight.detach(), null, [2, 2], [1, 1]) * input).sum();
        product.backward();

        TensorAssert.Close(image.grad!, layer.call(input), 1e-5);
        Assert.Equal(new long[] { 1, 2, 8, 8 }, layer.forward(input, [8, 8]).shape);
        Assert.Throws<ArgumentException>(() => layer.forward(input, [9, 8]));
    }

    [Fact]
    public void Weights_are_drawn_first_and_as_PyTorch_draws_them()
    {
        using var scope = NewDisposeScope();
        manual_seed(7);
        using var layer = Conv2d(4, 2, 3);
        manual_seed(7);
        var bound = 1 / Math.Sqrt(4 * 9);

        TensorAssert.Close(empty(2, 4, 3, 3).uniform_(-bound, bound), layer.weight, 1e-7);
        TensorAssert.Close(empty(2).uniform_(-bound, bound), layer.bias!, 1e-7);
    }

    [Fact]
    public void Gradients_reach_weight_bias_and_input()
    {
        using var scope = NewDisposeScope();
        using var layer = Conv2d(1, 1, 1);
        var input = full([1, 1, 2, 2], 3.0).requires_grad_();
        layer.call(input).sum().backward();

        TensorAssert.Close([12.0], layer.weight.grad!.view(-1));
        TensorAssert.Close([4.0], layer.bias!.grad!);
        TensorAssert.Close(layer.weight.detach().expand(1, 1, 2, 2), input.grad!);
    }
}
