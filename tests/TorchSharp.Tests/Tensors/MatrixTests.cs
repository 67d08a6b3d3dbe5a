using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class MatrixTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Products_of_matrices_and_vectors()
    {
        Tensor a = tensor(new[] { 1.0, 2, 3, 4 }, 2, 2), v = tensor(new[] { 1.0, -1 });
        a.mm(a).AssertValues(7, 10, 15, 22);
        a.mv(v).AssertValues(-1, -1);
        v.dot(v).AssertValues(2);
        v.outer(v).AssertValues(1, -1, -1, 1);
        matmul(a, v).AssertValues(-1, -1);
        addmm(ones(2, 2, dtype: float64), a, a, 1, 2).AssertValues(15, 21, 31, 45);
        Assert.Equal([5L, 2L, 4L], bmm(zeros(5, 2, 3), zeros(5, 3, 4)).shape);
        Assert.Equal([5L, 2L, 4L], zeros(5, 2, 3).matmul(zeros(3, 4)).shape);
    }

    [Fact]
    public void Einsum_agrees_with_matmul()
    {
        Tensor a = randn(3, 4, dtype: float64), b = randn(4, 5, dtype: float64);
        Assert.True(einsum("ij,jk->ik", a, b).allclose(a.matmul(b)));
        Assert.True(einsum("ij->j", a).allclose(a.sum(dim: 0)));
    }

    [Fact]
    public void A_large_product_agrees_with_its_parts()
    {
        Tensor a = randn(200, 300, dtype: float64), b = randn(300, 100, dtype: float64);
        Tensor whole = a.mm(b);
        Assert.True(whole[17, 23].allclose((a[17] * b[TensorIndex.Colon, 23]).sum()));
    }

    [Fact]
    public void Inverse_determinant_and_decompositions()
    {
        Tensor a = tensor(new[] { 4.0, 1, 1, 3 }, 2, 2);
        Assert.True(a.inverse().mm(a).allclose(eye(2, dtype: float64)));
        a.det().AssertValues(11);
        Tensor factor = linalg.cholesky(a);
        Assert.True(factor.mm(factor.t()).allclose(a));
        linalg.solve(a, tensor(new[] { 5.0, 4 })).AssertValues(1, 1);
        var (u, s, vh) = linalg.svd(a);
        Assert.True(u.mm(diag(s)).mm(vh).allclose(a));
        linalg.norm(tensor(new[] { 3.0, 4 })).AssertValues(5);
        linalg.vector_norm(a, 1).AssertValues(9);
    }

    [Fact]
    public void Distances() =>
        cdist(tensor(new[] { 0.0, 0 }, 1, 2), tensor(new[] { 3.0, 4, 6, 8 }, 2, 2)).AssertValues(5, 10);

    [Fact]
    public void Special_functions()
    {
        special.expit(tensor(0.0)).AssertValues(0.5);
        special.entr(tensor(Math.E)).AssertClose(1e-12, -Math.E);
        special.gammaln(tensor(4.0)).AssertClose(1e-9, Math.Log(6));
    }
}
