using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

public sealed class BackwardTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_product_has_the_other_factor_as_gradient()
    {
        Tensor x = tensor(new[] { 1f, 2 }, requires_grad: true), y = tensor(new[] { 3f, 4 }, requires_grad: true);
        (x * y).sum().backward();
        x.grad!.AssertValues(3, 4);
        y.grad!.AssertValues(1, 2);
    }

    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        Tensor x = ones(1, requires_grad: true);
        (x * 2).backward();
        (x * 3).backward();
        x.grad!.AssertValues(5);
        x.grad!.zero_();
        (x * 4).backward();
        x.grad!.AssertValues(4);
        x.grad = null;
        Assert.Null(x.grad);
    }

    [Fact]
    public void A_matrix_product_back_propagates_to_both_factors()
    {
        Tensor a = randn(2, 3, dtype: float64, requires_grad: true), b = randn(3, 4, dtype: float64, requires_grad: true);
        a.mm(b).sum().backward();
        Assert.True(a.grad!.allclose(ones(2, 4, dtype: float64).mm(b.detach().t())));
        Assert.True(b.grad!.allclose(a.detach().t().mm(ones(2, 4, dtype: float64))));
    }

    public static TheoryData<string, Func<Tensor, Tensor>> Functions => new()
    {
        { "exp", x => x.exp().sum() },
        { "softmax", x => (x.softmax(0) * arange(4, dtype: float64)).sum() },
        { "logsumexp", x => x.logsumexp(0) },
        { "norm", x => x.norm() },
        { "views", x => (x.view(2, 2).t().reshape(4) * x).cumsum(0).sum() },
        { "index", x => x[tensor(new[] { 0L, 0, 3 })].pow(3).sum() },
        { "slice", x => (x[TensorIndex.Slice(1, 3)] * x[0]).sum() },
        { "where", x => where(x > 0, x.sigmoid(), x.tanh()).prod() },
        { "max", x => x.max() * x.min() },
        { "std", x => x.std() },
        { "cat", x => cat([x, x * 2], 0).square().mean() },
        { "einsum", x => einsum("ij,jk->", x.view(2, 2), x.view(2, 2)) },
        { "division", x => (1 / (x * x + 1)).sum() },
        { "in place on an intermediate", x => (x * 2).add_(x).mul_(x).sum() },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradients_agree_with_finite_differences(string what, Func<Tensor, Tensor> function)
    {
        double[] at = [0.7, -1.3, 0.2, 1.9];
        Tensor x = tensor(at, requires_grad: true);
        function(x).backward();
        double[] gradient = x.grad!.Doubles();
        const double Step = 1e-6;
        for (int i = 0; i < at.Length; i++)
        {
            double Value(double shift)
            {
                double[] moved = [.. at];
                moved[i] += shift;
                return function(tensor(moved)).ToDouble();
            }
            double expected = (Value(Step) - Value(-Step)) / (2 * Step);
            Assert.True(Math.Abs(expected - gradient[i]) < 1e-5 * Math.Max(1, Math.Abs(expected)), $"{what}, element {i}: {expected} and {gradient[i]}");
        }
    }

    [Fact]
    public void Leaves_and_intermediates()
    {
        Tensor x = ones(1, requires_grad: true), y = x * 2;
        Assert.True(x.is_leaf);
        Assert.False(y.is_leaf);
        y.retain_grad();
        (y * 3).backward();
        y.grad!.AssertValues(3);
        x.grad!.AssertValues(6);
        Assert.Null(x.detach().grad);
        Assert.False(y.detach().requires_grad);
    }

    [Fact]
    public void A_graph_serves_once_unless_it_is_kept()
    {
        Tensor x = ones(1, requires_grad: true), y = x.exp();
        y.backward(retain_graph: true);
        y.backward();
        Assert.Throws<ExternalException>(() => y.backward());
        x.grad!.AssertClose(1e-5, 2 * Math.E);
    }

    [Fact]
    public void Backward_of_many_elements_needs_a_gradient()
    {
        Tensor x = ones(2, requires_grad: true);
        Assert.Throws<ExternalException>(() => (x * 2).backward());
        (x * 2).backward([tensor(new[] { 1f, 10 })]);
        x.grad!.AssertValues(2, 20);
    }

    [Fact]
    public void Backward_without_anything_to_differentiate_is_an_error() => Assert.Throws<ExternalException>(() => ones(1).backward());

    [Fact]
    public void Backward_can_be_limited_to_some_inputs()
    {
        Tensor x = ones(1, requires_grad: true), y = ones(1, requires_grad: true);
        autograd.backward([x * y], inputs: [x]);
        x.grad!.AssertValues(1);
        Assert.Null(y.grad);
    }

    [Fact]
    public void Grad_returns_gradients_without_storing_them()
    {
        Tensor x = tensor(3.0, requires_grad: true);
        IList<Tensor> gradients = autograd.grad([x.pow(2)], [x]);
        gradients[0].AssertValues(6);
        Assert.Null(x.grad);
    }

    [Fact]
    public void Second_derivatives()
    {
        Tensor x = tensor(2.0, requires_grad: true);
        Tensor first = autograd.grad([x.pow(3)], [x], create_graph: true)[0];
        first.AssertValues(12);
        autograd.grad([first], [x])[0].AssertValues(12);
    }

    [Fact]
    public void An_integer_tensor_cannot_require_a_gradient() =>
        Assert.Throws<ExternalException>(() => zeros(1, dtype: int64).requires_grad_());

    [Fact]
    public void An_input_changed_after_its_use_is_an_error()
    {
        Tensor x = ones(2, requires_grad: true), y = x * 1, z = y * y;
        y.add_(1);
        Assert.Throws<ExternalException>(() => z.sum().backward());
    }

    [Fact]
    public void Anomaly_detection_finds_the_operation_that_made_nan()
    {
        using (autograd.detect_anomaly())
        {
            Assert.True(AnomalyMode.IsEnabled);
            Tensor x = zeros(1, requires_grad: true);
            Assert.Throws<ExternalException>(() => (x.sqrt() * 0).backward());
        }
        Assert.False(AnomalyMode.IsEnabled);
    }
}
