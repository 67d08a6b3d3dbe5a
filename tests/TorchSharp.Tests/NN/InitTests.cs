using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class InitTests
{
    [Fact]
    public void Fans_count_the_window()
    {
        using var weight = empty(8, 3, 5, 2);
        using var vector = empty(8);

        Assert.Equal((30, 80), init.CalculateFanInAndFanOut(weight));
        Assert.Throws<ArgumentException>(() => init.CalculateFanInAndFanOut(vector));
    }

    [Fact]
    public void Gains()
    {
        Assert.Equal(1.0, init.calculate_gain(init.NonlinearityType.Linear));
        Assert.Equal(1.0, init.calculate_gain(init.NonlinearityType.Sigmoid));
        Assert.Equal(5.0 / 3, init.calculate_gain(init.NonlinearityType.Tanh), 12);
        Assert.Equal(Math.Sqrt(2), init.calculate_gain(init.NonlinearityType.ReLU), 12);
        Assert.Equal(Math.Sqrt(2 / 1.04), init.calculate_gain(init.NonlinearityType.LeakyReLU, 0.2), 12);
    }

    [Fact]
    public void Kaiming_and_xavier_draw_within_their_bounds()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        var weight = empty(64, 32, 3, 3);
        AssertUniform(Math.Sqrt(6.0 / (32 * 9)), init.kaiming_uniform_(weight, nonlinearity: init.NonlinearityType.ReLU));
        AssertUniform(Math.Sqrt(6.0 / (96 * 9)), init.xavier_uniform_(weight));

        var normal = TensorAssert.Values(init.kaiming_normal_(weight, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU));
        Assert.Equal(Math.Sqrt(2.0 / (64 * 9)), Math.Sqrt(normal.Average(value => value * value)), 2e-3);
    }

    private static void AssertUniform(double bound, Tensor weight)
    {
        var values = TensorAssert.Values(weight);
        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        Assert.Equal(bound / Math.Sqrt(3), Math.Sqrt(values.Average(value => value * value)), bound * 0.02);
        Assert.InRange(values.Max(), bound * 0.99, bound);
    }

    [Fact]
    public void Constants_and_special_matrices()
    {
        using var scope = NewDisposeScope();

        TensorAssert.Close([1.0, 1.0], init.ones_(empty(2)));
        TensorAssert.Close([0.0, 0.0], init.zeros_(empty(2)));
        TensorAssert.Close([2.5, 2.5], init.constant_(empty(2), 2.5));
        TensorAssert.Close([1.0, 0.0, 0.0, 0.0, 1.0, 0.0], init.eye_(empty(2, 3)));
        var kernel = init.dirac_(empty(2, 2, 3));
        TensorAssert.Close([0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0], kernel);
    }

    [Theory]
    [InlineData(4, 6)]
    [InlineData(6, 4)]
    public void Orthogonal_rows_or_columns(long rows, long columns)
    {
        using var scope = NewDisposeScope();
        var matrix = init.orthogonal_(empty(rows, columns), gain: 2);
        var product = rows < columns ? matrix.matmul(matrix.t()) : matrix.t().matmul(matrix);

        TensorAssert.Close(eye(4) * 4, product, 1e-5);
    }

    [Fact]
    public void A_parameter_is_filled_without_a_record_and_returned()
    {
        using var parameter = Parameter(empty(3));

        Assert.Same(parameter, init.normal_(parameter));
        Assert.True(parameter.is_leaf && parameter.requires_grad);
    }

    // What follows is the package's way, which code that uses it must know.
    [Fact]
    public void Truncated_normal_is_constant_for_a_mean_of_zero()
    {
        using var scope = NewDisposeScope();

        TensorAssert.Close([0.02, 0.02, 0.02], init.trunc_normal_(empty(3), std: 0.02));
    }

    [Fact]
    public void Xavier_normal_draws_within_the_bounds_of_xavier_uniform()
    {
        using var scope = NewDisposeScope();
        manual_seed(5);

        AssertUniform(Math.Sqrt(6.0 / 300), init.xavier_normal_(empty(200, 100)));
    }
}
