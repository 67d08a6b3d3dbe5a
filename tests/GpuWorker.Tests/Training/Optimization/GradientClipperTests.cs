using CloudPipe.GpuWorker.Training.Optimization;
using CloudPipe.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training.Optimization;

[Collection(TorchCollection.Name)]
public sealed class GradientClipperTests
{
    [Theory]
    [InlineData("dm_nfnet_f3", ClippingKind.Adaptive)]
    [InlineData("convnext_base", ClippingKind.Norm)]
    public void Nfnets_are_clipped_adaptively_unless_told_otherwise(string architecture, ClippingKind expected)
    {
        Assert.Equal(expected, GradientClipper.Resolve(ClippingKind.Automatic, architecture));
        Assert.Equal(ClippingKind.None, GradientClipper.Resolve(ClippingKind.None, architecture));
    }

    // Equation 3 of the paper with lambda 0.1, unit by unit: norms of weights 5, 0 (raised to 0.001) and 5, of gradients 5, 5 and 0.1.
    [Fact]
    public void A_units_gradient_is_at_most_a_part_of_its_weights()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter weight = With(tensor(new[,] { { 3.0, 4.0 }, { 0.0, 0.0 }, { 3.0, 4.0 } }), tensor(new[,] { { 4.0, 3.0 }, { 4.0, 3.0 }, { 0.1, 0.0 } }));

        new GradientClipper(ClippingKind.Adaptive, 1, 0.1, [KeyValuePair.Create("stem.weight", weight)]).Clip();

        Assert.Equal([0.4, 0.3, 0.00008, 0.00006, 0.1, 0], weight.grad!.data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_vector_is_one_unit_and_a_kernel_one_for_each_output()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter bias = With(tensor(new[] { 3.0, 4.0 }), tensor(new[] { 4.0, 3.0 }));
        Parameter kernel = With(ones(2, 1, 2, 2, dtype: ScalarType.Float64), cat([ones(1, 1, 2, 2, dtype: ScalarType.Float64), full([1, 1, 2, 2], 0.01, dtype: ScalarType.Float64)]));

        new GradientClipper(ClippingKind.Adaptive, 1, 0.1, [KeyValuePair.Create("a.bias", bias), KeyValuePair.Create("a.weight", kernel)]).Clip();

        Assert.Equal([0.4, 0.3], bias.grad!.data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal([0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01], kernel.grad!.data<double>(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void The_classifier_is_not_clipped_adaptively()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter weight = With(ones(1, 1), full([1, 1], 7f));

        new GradientClipper(ClippingKind.Adaptive, 1, 0.1, [KeyValuePair.Create("head.fc.weight", weight)]).Clip();

        Assert.Equal(7, weight.grad!.item<float>());
    }

    [Fact]
    public void All_gradients_together_have_at_most_the_norm()
    {
        using DisposeScope scope = NewDisposeScope();
        Parameter first = With(ones(1), full(1, 6f));
        Parameter second = With(ones(1), full(1, 8f));

        new GradientClipper(ClippingKind.Norm, 1, 0.1, [KeyValuePair.Create("head.fc.weight", first), KeyValuePair.Create("b", second)]).Clip();

        Assert.Equal(0.6, first.grad!.item<float>(), 1e-5);
        Assert.Equal(0.8, second.grad!.item<float>(), 1e-5);
    }

    private static Parameter With(Tensor weight, Tensor gradient) => new(weight) { grad = gradient };
}
