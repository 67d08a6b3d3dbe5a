using System.Runtime.InteropServices;
using static TorchSharp.torch;
using static TorchSharp.torch.autograd;

namespace TorchSharp.Tests.Autograd;

public sealed class CustomFunctionTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void The_backward_of_a_custom_function_is_called()
    {
        Tensor x = tensor(new[] { 1f, -2 }, requires_grad: true);
        Tensor y = Scale.apply(x, 3.0);
        y.AssertValues(3, -6);
        Assert.True(y.requires_grad);
        y.sum().backward();
        x.grad!.AssertValues(3, 3);
    }

    [Fact]
    public void It_takes_its_place_in_a_longer_graph()
    {
        Tensor x = tensor(2.0, requires_grad: true);
        (Scale.apply(x * x, 5.0) * x).backward();
        x.grad!.AssertValues(60);
    }

    [Fact]
    public void Saved_tensors_come_back()
    {
        Tensor a = tensor(new[] { 2.0, 3 }, requires_grad: true), b = tensor(new[] { 5.0, 7 }, requires_grad: true);
        Multiply.apply(a, b).sum().backward();
        a.grad!.AssertValues(5, 7);
        b.grad!.AssertValues(2, 3);
    }

    [Fact]
    public void A_wrong_backward_replaces_the_true_gradient()
    {
        // The point of a custom function: the gradient is what it says, here the straight-through one of a rounding.
        Tensor x = tensor(new[] { 0.4, 1.6 }, requires_grad: true);
        Tensor y = StraightThroughRound.apply(x);
        y.AssertValues(0, 2);
        (y * y).sum().backward();
        x.grad!.AssertValues(0, 4);
    }

    [Fact]
    public void Without_gradients_it_is_only_its_forward()
    {
        using (no_grad())
            Assert.False(Scale.apply(ones(1, requires_grad: true), 2.0).requires_grad);
        Assert.False(Scale.apply(ones(1), 2.0).requires_grad);
    }

    [Fact]
    public void The_forward_does_not_record()
    {
        Tensor x = ones(1, requires_grad: true);
        RecordsMode.apply(x);
        Assert.False(RecordsMode.GradEnabledInForward);
    }

    [Fact]
    public void An_exception_in_the_forward_reaches_the_caller()
    {
        Assert.Throws<NotSupportedException>(() => ThrowsInForward.apply(ones(1, requires_grad: true)));
        Scale.apply(ones(1), 2.0).AssertValues(2);
    }

    [Fact]
    public void A_gradient_of_the_wrong_shape_is_an_error()
    {
        Tensor x = ones(2, requires_grad: true);
        Assert.Throws<ExternalException>(() => WrongShape.apply(x).sum().backward());
    }

    [Fact]
    public void A_checkpoint_recomputes_in_the_backward()
    {
        Tensor x = tensor(new[] { 0.5, -0.25 }, requires_grad: true);
        Recompute.apply(x).sum().backward();
        Tensor y = tensor(new[] { 0.5, -0.25 }, requires_grad: true);
        Recompute.Body(y).sum().backward();
        Assert.True(x.grad!.allclose(y.grad!));
    }

    [Fact]
    public void Many_calls_leave_nothing_behind()
    {
        Tensor x = ones(4, requires_grad: true);
        int before = scope.DisposablesCount;
        for (int i = 0; i < 200; i++)
        {
            using (NewDisposeScope())
                Scale.apply(x, 2.0).sum().backward();
        }
        Assert.Equal(before, scope.DisposablesCount);
        x.grad!.AssertValues(400, 400, 400, 400);
    }

    [Fact]
    public void Several_outputs()
    {
        Tensor x = tensor(3.0, requires_grad: true);
        List<Tensor> parts = SumAndDifference.apply(x, tensor(1.0));
        (parts[0] * 2 + parts[1] * 5).backward();
        x.grad!.AssertValues(7);
    }

    private sealed class Scale : SingleTensorFunction<Scale>
    {
        public override string Name => nameof(Scale);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            ctx.save_data("factor", vars[1]);
            return (Tensor)vars[0] * (double)vars[1];
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) =>
            [grad_output * (double)ctx.get_data("factor")!, null!];
    }

    private sealed class Multiply : SingleTensorFunction<Multiply>
    {
        public override string Name => nameof(Multiply);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var (a, b) = ((Tensor)vars[0], (Tensor)vars[1]);
            ctx.save_for_backward([a, b]);
            return a * b;
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            List<Tensor> saved = ctx.get_saved_variables();
            return [grad_output * saved[1], grad_output * saved[0]];
        }
    }

    private sealed class StraightThroughRound : SingleTensorFunction<StraightThroughRound>
    {
        public override string Name => nameof(StraightThroughRound);

        public override Tensor forward(AutogradContext ctx, params object[] vars) => ((Tensor)vars[0]).round();

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class RecordsMode : SingleTensorFunction<RecordsMode>
    {
        public static bool GradEnabledInForward { get; private set; } = true;

        public override string Name => nameof(RecordsMode);

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            GradEnabledInForward = is_grad_enabled();
            return (Tensor)vars[0] * 1;
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class ThrowsInForward : SingleTensorFunction<ThrowsInForward>
    {
        public override string Name => nameof(ThrowsInForward);

        public override Tensor forward(AutogradContext ctx, params object[] vars) => throw new NotSupportedException("no forward");

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class WrongShape : SingleTensorFunction<WrongShape>
    {
        public override string Name => nameof(WrongShape);

        public override Tensor forward(AutogradContext ctx, params object[] vars) => (Tensor)vars[0] * 1;

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output) => [zeros(5)];
    }

    private sealed class Recompute : SingleTensorFunction<Recompute>
    {
        public override string Name => nameof(Recompute);

        public static Tensor Body(Tensor x) => (x.sin() * x.exp()).tanh();

        public override Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            ctx.save_for_backward([x]);
            return Body(x);
        }

        public override List<Tensor> backward(AutogradContext ctx, Tensor grad_output)
        {
            using (enable_grad())
            {
                Tensor x = ctx.get_saved_variables()[0].detach().requires_grad_();
                return [grad([Body(x)], [x], [grad_output])[0]];
            }
        }
    }

    private sealed class SumAndDifference : MultiTensorFunction<SumAndDifference>
    {
        public override string Name => nameof(SumAndDifference);

        public override List<Tensor> forward(AutogradContext ctx, params object[] vars)
        {
            var (a, b) = ((Tensor)vars[0], (Tensor)vars[1]);
            return [a + b, a - b];
        }

        public override List<Tensor> backward(AutogradContext ctx, List<Tensor> grad_outputs) =>
            [grad_outputs[0] + grad_outputs[1], grad_outputs[0] - grad_outputs[1]];
    }
}
