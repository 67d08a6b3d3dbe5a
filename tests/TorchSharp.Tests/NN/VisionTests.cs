using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class VisionTests
{
    private static Tensor Row() => tensor(new float[] { 1, 2, 3 }).view(1, 1, 3);

    [Theory]
    [InlineData(PaddingModes.Constant, new double[] { 9, 9, 1, 2, 3, 9 })]
    [InlineData(PaddingModes.Reflect, new double[] { 3, 2, 1, 2, 3, 2 })]
    [InlineData(PaddingModes.Replicate, new double[] { 1, 1, 1, 2, 3, 3 })]
    [InlineData(PaddingModes.Circular, new double[] { 2, 3, 1, 2, 3, 1 })]
    public void Padding_fills_the_border(PaddingModes mode, double[] expected)
    {
        using var scope = NewDisposeScope();

        TensorAssert.Close(expected, functional.pad(Row(), (2, 1), mode, mode == PaddingModes.Constant ? 9 : 0).view(-1));
    }

    [Fact]
    public void Padding_modules_take_one_size_or_one_for_each_side()
    {
        using var scope = NewDisposeScope();
        using var zero = ZeroPad2d((1, 0, 0, 2));
        using var reflection = ReflectionPad2d(1);
        using var constant = ConstantPad2d(1, 5);
        var input = TensorAssert.Ramp(1, 1, 1, 2, 2);

        TensorAssert.Close([0.0, 0.0, 1.0, 0.0, 2.0, 3.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], zero.call(input).view(-1));
        TensorAssert.Close([3.0, 2.0, 3.0, 2.0], reflection.call(input)[0, 0, 0]);
        TensorAssert.Close([5.0, 0.0, 1.0, 5.0], constant.call(input)[0, 0, 1]);
    }

    [Fact]
    public void Nearest_interpolation_repeats()
    {
        using var scope = NewDisposeScope();
        using var layer = Upsample(scale_factor: [2.0, 2.0]);

        TensorAssert.Close([0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0], layer.call(TensorAssert.Ramp(1, 1, 1, 1, 2)).view(-1));
        TensorAssert.Close([1.0, 3.0], functional.interpolate(Row(), [2], mode: InterpolationMode.NearestExact).view(-1));
    }

    [Fact]
    public void Linear_interpolation_with_and_without_aligned_corners()
    {
        using var scope = NewDisposeScope();
        var input = tensor(new float[] { 0, 4 }).view(1, 1, 1, 2);

        TensorAssert.Close([0.0, 1.0, 3.0, 4.0], functional.interpolate(input, [1, 4], mode: InterpolationMode.Bilinear, align_corners: false).view(-1));
        TensorAssert.Close([0.0, 4.0 / 3, 8.0 / 3, 4.0], functional.interpolate(input, [1, 4], mode: InterpolationMode.Bilinear, align_corners: true).view(-1));
        TensorAssert.Close([0.0, 2.0, 4.0], functional.interpolate(input.view(1, 1, 2), [3], mode: InterpolationMode.Linear, align_corners: true).view(-1));
        Assert.Equal(new long[] { 1, 1, 2, 4, 4 }, functional.interpolate(randn(new long[] { 1, 1, 1, 2, 2 }), scale_factor: [2], mode: InterpolationMode.Trilinear, align_corners: false).shape);
        Assert.Equal(new long[] { 1, 2, 7, 9 }, functional.interpolate(randn(1, 2, 3, 3), [7, 9], mode: InterpolationMode.Bicubic, align_corners: false).shape);
    }

    [Fact]
    public void Area_interpolation_is_adaptive_pooling()
    {
        using var scope = NewDisposeScope();
        var input = randn(1, 2, 6, 8);

        TensorAssert.Close(functional.adaptive_avg_pool2d(input, (3, 2)), functional.interpolate(input, [3, 2], mode: InterpolationMode.Area));
    }

    [Fact]
    public void Antialiasing_averages_when_it_shrinks()
    {
        using var scope = NewDisposeScope();
        var input = ones(1, 1, 9, 9) * 3;

        TensorAssert.Close(new double[] { 3, 3, 3, 3 }, functional.interpolate(input, [2, 2], mode: InterpolationMode.Bilinear, align_corners: false, antialias: true).view(-1), 1e-5);
    }

    [Fact]
    public void Unfolded_windows_fold_back_as_sums()
    {
        using var scope = NewDisposeScope();
        var input = randn(1, 2, 4, 4);
        using var unfold = Unfold(2, stride: 2);
        using var fold = Fold(4, 2, stride: 2);
        var columns = unfold.call(input);

        Assert.Equal(new long[] { 1, 8, 4 }, columns.shape);
        TensorAssert.Close(input, fold.call(columns), 0);
        TensorAssert.Close(input[0, 0, 2, 3].view(1), columns[0, 1, 3].view(1), 0);
    }

    [Fact]
    public void Classes_become_unit_vectors()
    {
        using var scope = NewDisposeScope();

        TensorAssert.Close([0.0, 1.0, 0.0, 1.0, 0.0, 0.0], functional.one_hot(tensor(new long[] { 1, 0 }), 3));
        Assert.Throws<ArgumentException>(() => functional.one_hot(ones(2)));
    }

    [Fact]
    public void Sampling_at_the_identity_grid_returns_the_image()
    {
        using var scope = NewDisposeScope();
        var input = randn(1, 2, 3, 5);
        var identity = tensor(new float[,] { { 1, 0, 0 }, { 0, 1, 0 } }).unsqueeze(0);
        var grid = functional.affine_grid(identity, [1, 2, 3, 5], align_corners: true);

        TensorAssert.Close(input, functional.grid_sample(input, grid, align_corners: true), 1e-5);
        TensorAssert.Close(input, functional.grid_sample(input, grid, GridSampleMode.Nearest, GridSamplePaddingMode.Border, true), 1e-5);
    }
}
