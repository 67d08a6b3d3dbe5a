using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class InPlaceTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void In_place_forms_change_the_tensor_and_return_it()
    {
        Tensor tensor = ones(2);
        Assert.Same(tensor, tensor.add_(1));
        Assert.Same(tensor, tensor.mul_(3));
        Assert.Same(tensor, tensor.sub_(ones(2)));
        Assert.Same(tensor, tensor.div_(5));
        tensor.AssertValues(1, 1);
    }

    [Fact]
    public void In_place_forms_make_no_new_tensor()
    {
        Tensor tensor = ones(2), other = ones(2);
        int before = scope.DisposablesCount;
        tensor.add_(other).mul_(other).zero_().copy_(other).clamp_(0, 1).addcmul_(other, other, 2).lerp_(other, other);
        Assert.Equal(before, scope.DisposablesCount);
    }

    [Fact]
    public void Fill_zero_and_copy()
    {
        Tensor tensor = empty(3).fill_(2);
        tensor.AssertValues(2, 2, 2);
        tensor.copy_(torch.tensor(new[] { 1, 2, 3 }));
        tensor.AssertValues(1, 2, 3);
        tensor.copy_(torch.tensor(4f));
        tensor.AssertValues(4, 4, 4);
        tensor.zero_().AssertValues(0, 0, 0);
    }

    [Fact]
    public void Optimizer_steps()
    {
        Tensor weight = torch.tensor(new[] { 1.0, 2 }), gradient = torch.tensor(new[] { 10.0, 20 });
        weight.add_(gradient, -0.1).AssertValues(0, 0);
        weight.addcmul_(gradient, gradient, 0.01).AssertValues(1, 4);
        weight.addcdiv_(gradient, gradient, -1).AssertValues(0, 3);
        weight.lerp_(torch.tensor(new[] { 10.0, 13 }), full_like(weight, 0.1)).AssertValues(1, 4);
        weight.sqrt_().AssertValues(1, 2);
        weight.clamp_(min: 1.5).AssertValues(1.5, 2);
        weight.pow_(2).AssertValues(2.25, 4);
    }

    [Fact]
    public void Masked_and_unary_forms()
    {
        Tensor tensor = torch.tensor(new[] { -1f, 2 });
        tensor.masked_fill_(tensor < 0, 0).AssertValues(0, 2);
        tensor.neg_().AssertValues(0, -2);
        tensor.abs_().AssertValues(0, 2);
        tensor.exp_().log_().AssertValues(0, 2);
        tensor.relu_().AssertValues(0, 2);
    }

    [Fact]
    public void Reshaping_in_place()
    {
        Tensor tensor = zeros(1, 3);
        Assert.Equal([3L], tensor.squeeze_(0).shape);
        Assert.Equal([3L, 1L], tensor.unsqueeze_(1).shape);
        Assert.Equal([1L, 3L], tensor.transpose_(0, 1).shape);
    }

    [Fact]
    public void A_result_that_does_not_fit_is_an_error_and_changes_nothing()
    {
        Tensor tensor = ones(2);
        Assert.Throws<ExternalException>(() => tensor.add_(ones(3)));
        Assert.Throws<ExternalException>(() => ones(2, dtype: int32).add_(0.5));
        tensor.AssertValues(1, 1);
    }
}
