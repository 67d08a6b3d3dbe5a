using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class ReductionTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor matrix;

    public ReductionTests() => matrix = tensor(new[] { 1.0, 2, 3, 4, 5, 6 }, 2, 3);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Sum_over_all_or_some_dimensions()
    {
        matrix.sum().AssertValues(21);
        matrix.sum(dim: 0).AssertValues(5, 7, 9);
        matrix.sum(-1).AssertValues(6, 15);
        Assert.Equal([2L, 1L], matrix.sum(1, keepdim: true).shape);
        zeros(2, 3, 4).sum(new long[] { 0, 2 }).AssertValues(0, 0, 0);
        Assert.Equal(ScalarType.Int64, ones(3, dtype: @bool).sum().dtype);
        Assert.Equal(ScalarType.Float32, matrix.sum(type: float32).dtype);
    }

    [Fact]
    public void Mean_std_and_var()
    {
        matrix.mean().AssertValues(3.5);
        matrix.mean([0]).AssertValues(2.5, 3.5, 4.5);
        matrix.mean([0, 1], keepdim: true).AssertValues(3.5);
        matrix.var().AssertValues(3.5);
        matrix.var(unbiased: false).AssertClose(1e-9, 35.0 / 12);
        matrix.std(1).AssertValues(1, 1);
        matrix.std(new long[] { 0 }, unbiased: false, keepdim: true).AssertValues(1.5, 1.5, 1.5);
        var (std, mean) = std_mean(matrix, new long[] { 1 });
        std.AssertValues(1, 1);
        mean.AssertValues(2, 5);
    }

    [Fact]
    public void Extremes_and_where_they_are()
    {
        matrix.max().AssertValues(6);
        var (values, indexes) = matrix.max(1);
        values.AssertValues(3, 6);
        indexes.AssertValues(2, 2);
        var (smallest, _) = min(matrix, 0, keepdim: true);
        Assert.Equal([1L, 3L], smallest.shape);
        matrix.amax(0).AssertValues(4, 5, 6);
        matrix.amin(new long[] { 0, 1 }).AssertValues(1);
        Assert.Equal(5, matrix.argmax().item<long>());
        matrix.argmin(1).AssertValues(0, 0);
    }

    [Fact]
    public void Products_norms_and_logic()
    {
        matrix.prod().AssertValues(720);
        matrix.prod(1).AssertValues(6, 120);
        tensor(new[] { 3.0, 4 }).norm().AssertValues(5);
        matrix.norm(1, p: 1).AssertValues(6, 15);
        (matrix > 0).all().AssertValues(1);
        (matrix > 5).any(1).AssertValues(0, 1);
    }

    [Fact]
    public void Running_sums_and_products()
    {
        matrix.cumsum(1).AssertValues(1, 3, 6, 4, 9, 15);
        matrix.cumprod(0).AssertValues(1, 2, 3, 4, 10, 18);
        logcumsumexp(zeros(2, dtype: float64), 0).AssertClose(1e-12, 0, Math.Log(2));
    }

    [Fact]
    public void Softmax_and_logsumexp()
    {
        Tensor logits = tensor(new[] { 0.0, Math.Log(3) });
        logits.softmax(0).AssertClose(1e-12, 0.25, 0.75);
        logits.log_softmax(0).AssertClose(1e-12, Math.Log(0.25), Math.Log(0.75));
        logits.logsumexp(0).AssertClose(1e-12, Math.Log(4));
    }

    [Fact]
    public void Sorting_and_the_largest()
    {
        Tensor values = tensor(new[] { 3.0, 1, 2 });
        var (sorted, order) = values.sort();
        sorted.AssertValues(1, 2, 3);
        order.AssertValues(1, 2, 0);
        argsort(values, descending: true).AssertValues(0, 2, 1);
        var (largest, places) = values.topk(2);
        largest.AssertValues(3, 2);
        places.AssertValues(0, 2);
        values.median().AssertValues(2);
        quantile(values, tensor(0.5)).AssertValues(2);
    }

    [Fact]
    public void Counting()
    {
        bincount(tensor(new[] { 0L, 2, 2 })).AssertValues(1, 0, 2);
        histc(tensor(new[] { 0.1, 0.9, 1.9 }), bins: 2, min: 0, max: 2).AssertValues(2, 1);
        count_nonzero(tensor(new[] { 0f, 1, 2 })).AssertValues(2);
    }

    [Fact]
    public void A_dimension_that_is_not_there_is_an_error() => Assert.Throws<ExternalException>(() => matrix.sum(2));
}
