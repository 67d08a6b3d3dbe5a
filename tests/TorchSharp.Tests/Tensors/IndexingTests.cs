using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class IndexingTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor cube;

    public IndexingTests() => cube = arange(24).view(2, 3, 4);

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Numbers_select()
    {
        Assert.Equal([3L, 4L], cube[1].shape);
        Assert.Equal([4L], cube[1, 2].shape);
        Assert.Equal(23, cube[1, 2, 3].item<long>());
        Assert.Equal(23, cube[-1, -1, -1].item<long>());
    }

    [Fact]
    public void Slices_keep_the_dimension()
    {
        cube[0, TensorIndex.Slice(1, 3), 0].AssertValues(4, 8);
        cube[0, 0, TensorIndex.Slice(null, null, 2)].AssertValues(0, 2);
        cube[0, 0, TensorIndex.Slice(-2)].AssertValues(2, 3);
        Assert.Equal([2L, 3L, 4L], cube[TensorIndex.Colon, TensorIndex.Colon].shape);
    }

    [Fact]
    public void Ranges_and_indices_of_CSharp_work_as_slices()
    {
        cube[0, 1.., 0].AssertValues(4, 8);
        cube[0, 0, ..^1].AssertValues(0, 1, 2);
        cube[0, 0, ^1].AssertValues(3);
        Assert.Equal([1L, 3L, 4L], cube[0..1].shape);
    }

    [Fact]
    public void Ellipsis_stands_for_the_dimensions_between()
    {
        Assert.Equal([2L, 3L], cube[TensorIndex.Ellipsis, 0].shape);
        Assert.Equal([2L, 4L], cube[TensorIndex.Colon, 0, TensorIndex.Ellipsis].shape);
        Assert.Equal([2L, 3L, 4L], cube[TensorIndex.Ellipsis].shape);
    }

    [Fact]
    public void None_adds_a_dimension()
    {
        Assert.Equal([1L, 2L, 3L, 4L], cube[TensorIndex.None].shape);
        Assert.Equal([2L, 1L, 4L], cube[TensorIndex.Colon, TensorIndex.None, 0].shape);
    }

    [Fact]
    public void A_mask_picks_elements()
    {
        Tensor values = tensor(new[] { 1f, -2, 3 });
        values[values > 0].AssertValues(1, 3);
    }

    [Fact]
    public void Index_tensors_gather_and_combine_with_slices()
    {
        Tensor rows = tensor(new[] { 2L, 0 });
        Assert.Equal([2L, 2L, 4L], cube[TensorIndex.Colon, TensorIndex.Tensor(rows)].shape);
        cube[0, TensorIndex.Tensor(rows), 0].AssertValues(8, 0);
        arange(9).view(3, 3)[tensor(new[] { 0L, 2 }), tensor(new[] { 1L, 1 })].AssertValues(1, 7);
    }

    [Fact]
    public void Indexing_makes_views_of_numbers_and_slices()
    {
        cube[0].fill_(-1);
        Assert.Equal(-12, cube[0].sum().item<long>());
        cube[1, TensorIndex.Slice(0, 1)].zero_();
        Assert.Equal(0, cube[1, 0].sum().item<long>());
    }

    [Fact]
    public void Assignment_writes_through()
    {
        cube[0, 0, 0] = tensor(100L);
        Assert.Equal(100, cube[0, 0, 0].item<long>());
        cube[1] = zeros(3, 4, dtype: int64);
        Assert.Equal(0, cube[1].sum().item<long>());
        cube[TensorIndex.Ellipsis, 0] = tensor(7L);
        Assert.Equal(42, cube[TensorIndex.Ellipsis, 0].sum().item<long>());
    }

    [Fact]
    public void Assignment_by_mask_and_by_index_tensor()
    {
        Tensor values = tensor(new[] { 1f, -2, 3, -4 });
        values[values < 0] = tensor(0f);
        values.AssertValues(1, 0, 3, 0);
        values.index_put_(tensor(9f), TensorIndex.Tensor(tensor(new[] { 0L, 3 })));
        values.AssertValues(9, 0, 3, 9);
    }

    [Fact]
    public void A_number_can_be_assigned()
    {
        Tensor values = zeros(3);
        values[1] = 5;
        values.AssertValues(0, 5, 0);
    }

    [Fact]
    public void Index_put_accumulates_repeated_places()
    {
        Tensor counts = zeros(3);
        counts.index_put_(ones(4), [TensorIndex.Tensor(tensor(new[] { 0L, 2, 2, 2 }))], accumulate: true);
        counts.AssertValues(1, 0, 3);
    }

    [Fact]
    public void An_index_out_of_range_is_an_error()
    {
        Assert.Throws<ExternalException>(() => cube[2]);
        Assert.Throws<ExternalException>(() => cube[0, 0, 0, 0]);
    }

    [Fact]
    public void Intermediate_views_do_not_outlive_the_expression()
    {
        long before = scope.DisposablesCount;
        Tensor picked = cube[1, TensorIndex.Slice(0, 2), 3];
        Assert.Equal(before + 1, scope.DisposablesCount);
        picked.AssertValues(15, 19);
    }

    [Fact]
    public void Gather_and_scatter_are_inverse()
    {
        Tensor source = tensor(new[] { 10f, 20, 30 }), order = tensor(new[] { 2L, 0, 1 });
        Tensor gathered = source.gather(0, order);
        gathered.AssertValues(30, 10, 20);
        zeros(3).scatter_(0, order, gathered).AssertValues(10, 20, 30);
        zeros(2).scatter_add_(0, tensor(new[] { 0L, 0, 1 }), source).AssertValues(30, 30);
    }

    [Fact]
    public void Index_select_copy_add_and_fill()
    {
        Tensor matrix = arange(6, dtype: float32).view(3, 2), rows = tensor(new[] { 2L, 0 });
        matrix.index_select(0, rows).AssertValues(4, 5, 0, 1);
        zeros(3, 2).index_copy_(0, rows, ones(2, 2)).AssertValues(1, 1, 0, 0, 1, 1);
        zeros(3, 2).index_add_(0, rows, ones(2, 2), 2).AssertValues(2, 2, 0, 0, 2, 2);
        zeros(3, 2).index_fill_(0, rows, 4).AssertValues(4, 4, 0, 0, 4, 4);
    }

    [Fact]
    public void Masked_fill_select_and_where()
    {
        Tensor values = tensor(new[] { 1f, -2, 3 }), negative = values < 0;
        values.masked_fill(negative, 0).AssertValues(1, 0, 3);
        values.masked_select(negative).AssertValues(-2);
        where(negative, zeros(3), values).AssertValues(1, 0, 3);
        Assert.Equal(1, where(negative)[0].item<long>());
        Assert.Equal([1L, 1L], negative.nonzero().shape);
    }
}
