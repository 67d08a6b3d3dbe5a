using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class GradientUtilityTests
{
    private static Modules.Parameter[] WithGradients()
    {
        var parameters = new[] { Parameter(zeros(2)), Parameter(zeros(1)), Parameter(zeros(1)) };
        parameters[0].grad = tensor(new float[] { 3, 0 });
        parameters[1].grad = tensor(new float[] { -4 });
        return parameters;
    }

    [Fact]
    public void Clipping_by_norm_scales_all_gradients_together()
    {
        using var scope = NewDisposeScope();
        var parameters = WithGradients();

        Assert.Equal(5.0, nn.utils.clip_grad_norm_(parameters, 1.0), 5);
        TensorAssert.Close([0.6, 0.0], parameters[0].grad!, 1e-5);
        TensorAssert.Close([-0.8], parameters[1].grad!, 1e-5);
    }

    [Fact]
    public void A_norm_below_the_limit_is_left()
    {
        using var scope = NewDisposeScope();
        var parameters = WithGradients();

        Assert.Equal(4.0, nn.utils.clip_grad_norm_(parameters, 10, double.PositiveInfinity), 5);
        TensorAssert.Close([3.0, 0.0], parameters[0].grad!);
    }

    [Fact]
    public void Clipping_by_value_bounds_each_element()
    {
        using var scope = NewDisposeScope();
        var parameters = WithGradients();
        nn.utils.clip_grad_value_(parameters, 2);

        TensorAssert.Close([2.0, 0.0], parameters[0].grad!);
        TensorAssert.Close([-2.0], parameters[1].grad!);
    }

    [Fact]
    public void Parameters_become_a_vector_and_return()
    {
        using var scope = NewDisposeScope();
        using var source = Linear(3, 2);
        using var target = Linear(3, 2);
        using var vector = nn.utils.parameters_to_vector(source.parameters());
        Assert.Equal(new long[] { 8 }, vector.shape);
        nn.utils.vector_to_parameters(vector, target.parameters());

        TensorAssert.Close(source.weight, target.weight, 0);
        TensorAssert.Close(source.bias!, target.bias!, 0);
    }
}
