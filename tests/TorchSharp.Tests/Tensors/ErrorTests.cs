using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class ErrorTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<string, Func<Tensor>> WrongCalls => new()
    {
        { "matmul", () => zeros(2, 3).matmul(zeros(2, 3)) },
        { "add", () => zeros(2) + zeros(3) },
        { "cat", () => cat([zeros(2, 2), zeros(3, 3)], 0) },
        { "stack", () => stack([zeros(2), zeros(3)]) },
        { "view", () => zeros(6).view(4, 2) },
        { "reshape", () => zeros(6).reshape(-1, -1) },
        { "permute", () => zeros(2, 3).permute(0, 0) },
        { "expand", () => zeros(2, 3).expand(4, 3) },
        { "narrow", () => zeros(3).narrow(0, 2, 5) },
        { "gather", () => zeros(3).gather(0, tensor(new[] { 5L })) },
        { "index_select", () => zeros(3).index_select(0, tensor(new[] { 7L })) },
        { "einsum", () => einsum("ij,jk->ik", zeros(2, 3), zeros(2, 3)) },
        { "einsum equation", () => einsum("not an equation", zeros(2)) },
        { "cholesky", () => linalg.cholesky(-eye(2)) },
        { "negative size", () => zeros(-1) },
        { "cat of nothing", () => cat(Array.Empty<Tensor>()) },
        { "topk", () => zeros(3).topk(5).values },
        { "bernoulli", () => full(2, 1.5).bernoulli() },
    };

    [Theory]
    [MemberData(nameof(WrongCalls))]
    public void A_wrong_call_is_an_exception_with_a_message(string what, Func<Tensor> call)
    {
        var exception = Assert.Throws<ExternalException>(() => call());
        Assert.True(exception.Message.Length > 10, what);
    }

    [Fact]
    public void The_message_names_the_shapes()
    {
        var exception = Assert.Throws<ExternalException>(() => zeros(2, 3).mm(zeros(4, 5)));
        Assert.Contains("2x3", exception.Message);
        Assert.Contains("4x5", exception.Message);
    }

    [Fact]
    public void Work_goes_on_after_an_error()
    {
        for (int i = 0; i < 100; i++)
            Assert.Throws<ExternalException>(() => zeros(2) + zeros(3));
        (ones(2) + ones(2)).AssertValues(2, 2);
    }

    [Fact]
    public void A_failed_call_leaves_no_tensor()
    {
        Tensor a = zeros(2), b = zeros(3);
        int before = scope.DisposablesCount;
        Assert.Throws<ExternalException>(() => a + b);
        Assert.Equal(before, scope.DisposablesCount);
    }

    [Fact]
    public void A_disposed_tensor_cannot_be_used()
    {
        Tensor tensor = zeros(2);
        tensor.Dispose();
        Assert.True(tensor.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => tensor + 1);
        Assert.Throws<InvalidOperationException>(() => tensor.shape);
        tensor.Dispose();
    }
}
