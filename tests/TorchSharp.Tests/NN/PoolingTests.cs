using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class PoolingTests
{
    // 0  1  2  3
    // 4  5  6  7
    // 8  9 10 11
    private static Tensor Grid() => TensorAssert.Ramp(1, 1, 1, 3, 4);

    [Fact]
    public void Maximum_pooling_takes_the_largest_of_each_window()
    {
        using var scope = NewDisposeScope();
        using var plain = MaxPool2d(2);
        using var ceiled = MaxPool2d(2, ceil_mode: true);
        using var overlapping = MaxPool2d((3, 3), stride: (2, 2), padding: (1, 1));

        TensorAssert.Close([5.0, 7.0], plain.call(Grid()).view(-1));
        TensorAssert.Close([5.0, 7.0, 9.0, 11.0], ceiled.call(Grid()).view(-1));
        TensorAssert.Close([5.0, 7.0, 9.0, 11.0], overlapping.call(Grid()).view(-1));
    }

    [Fact]
    public void Maximum_pooling_tells_where_the_largest_was()
    {
        using var scope = NewDisposeScope();
        using var layer = MaxPool2d(2);
        var (values, indices) = layer.forward_with_indices(Grid());

        TensorAssert.Close([5.0, 7.0], values.view(-1));
        Assert.Equal(new long[] { 5, 7 }, indices.view(-1).data<long>().ToArray());
    }

    [Fact]
    public void Average_pooling_counts_the_padding_unless_told_not_to()
    {
        using var scope = NewDisposeScope();
        using var counted = AvgPool2d(2, padding: 1);
        using var uncounted = AvgPool2d(2, padding: 1, count_include_pad: false);
        using var ceiled = AvgPool2d(2, ceil_mode: true, count_include_pad: false);
        using var divided = AvgPool2d((3, 4), divisor_override: 2);

        TensorAssert.Close([0.0, 0.75, 0.75, 3.0, 7.5, 4.5], counted.call(Grid()).view(-1));
        TensorAssert.Close([0.0, 1.5, 3.0, 6.0, 7.5, 9.0], uncounted.call(Grid()).view(-1));
        TensorAssert.Close([2.5, 4.5, 8.5, 10.5], ceiled.call(Grid()).view(-1));
        TensorAssert.Close([33.0], divided.call(Grid()).view(-1));
    }

    [Fact]
    public void Pooling_in_one_and_three_dimensions()
    {
        using var scope = NewDisposeScope();
        var signal = TensorAssert.Ramp(1, 1, 1, 5);
        using var largest = MaxPool1d(2);
        using var mean = AvgPool1d(2, stride: 3);
        TensorAssert.Close([1.0, 3.0], largest.call(signal).view(-1));
        TensorAssert.Close([0.5, 3.5], mean.call(signal).view(-1));

        var clip = TensorAssert.Ramp(1, 1, 1, 2, 2, 4);
        using var largest3 = MaxPool3d((1, 2, 2));
        using var mean3 = AvgPool3d((2, 2, 2));
        TensorAssert.Close([5.0, 7.0, 13.0, 15.0], largest3.call(clip).view(-1));
        TensorAssert.Close([6.5, 8.5], mean3.call(clip).view(-1));
        using var cubic = MaxPool3d(2, stride: 2);
        TensorAssert.Close([13.0, 15.0], cubic.call(clip).view(-1));
    }

    [Fact]
    public void Adaptive_pooling_gives_the_size_asked_for()
    {
        using var scope = NewDisposeScope();
        using var mean = AdaptiveAvgPool2d(1);
        using var pair = AdaptiveAvgPool2d((1, 2));
        using var largest = AdaptiveMaxPool2d([3, 1]);
        TensorAssert.Close([5.5], mean.call(Grid()).view(-1));
        TensorAssert.Close([4.5, 6.5], pair.call(Grid()).view(-1));
        TensorAssert.Close([3.0, 7.0, 11.0], largest.call(Grid()).view(-1));

        using var mean1 = AdaptiveAvgPool1d(2);
        TensorAssert.Close([1.0, 3.0], mean1.call(TensorAssert.Ramp(1, 1, 1, 5)).view(-1));

        using var mean3 = AdaptiveAvgPool3d((2, 1, 1));
        using var largest3 = AdaptiveMaxPool3d([1, 1, 2]);
        var clip = TensorAssert.Ramp(1, 1, 1, 2, 2, 4);
        TensorAssert.Close([3.5, 11.5], mean3.call(clip).view(-1));
        TensorAssert.Close([13.0, 15.0], largest3.call(clip).view(-1));
    }

    [Fact]
    public void The_functions_take_single_sizes_too()
    {
        using var scope = NewDisposeScope();

        TensorAssert.Close([5.0, 7.0], functional.max_pool2d(Grid(), 2).view(-1));
        TensorAssert.Close([2.5, 4.5], functional.avg_pool2d(Grid(), 2).view(-1));
        TensorAssert.Close([5.5], functional.adaptive_avg_pool2d(Grid(), 1).view(-1));
    }
}
