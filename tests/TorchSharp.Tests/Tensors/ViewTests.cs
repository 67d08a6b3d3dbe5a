using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class ViewTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void A_view_shares_the_storage()
    {
        Tensor tensor = zeros(2, 3);
        tensor.view(3, 2).fill_(5);
        tensor.AssertValues(5, 5, 5, 5, 5, 5);
        Assert.Equal([6L], tensor.view(-1).shape);
    }

    [Fact]
    public void Permute_moves_dimensions_without_copying()
    {
        Tensor tensor = arange(24).view(2, 3, 4);
        Tensor moved = tensor.permute(2, 0, 1);
        Assert.Equal([4L, 2L, 3L], moved.shape);
        Assert.Equal([1L, 12L, 4L], moved.stride());
        Assert.False(moved.is_contiguous());
        Assert.True(moved.contiguous().is_contiguous());
        Assert.Equal(tensor[1, 2, 3].item<long>(), moved[3, 1, 2].item<long>());
    }

    [Fact]
    public void Reshape_of_a_permuted_tensor_reads_in_row_major_order() =>
        arange(6).view(2, 3).t().reshape(6).AssertValues(0, 3, 1, 4, 2, 5);

    [Fact]
    public void A_view_that_the_strides_forbid_is_an_error() =>
        Assert.Throws<ExternalException>(() => arange(6).view(2, 3).t().view(6));

    [Fact]
    public void Transpose_swaps_two_dimensions() => Assert.Equal([4L, 3L, 2L], zeros(2, 3, 4).transpose(0, 2).shape);

    [Fact]
    public void Flatten_and_unflatten_undo_each_other()
    {
        Tensor tensor = zeros(2, 3, 4);
        Assert.Equal([2L, 12L], tensor.flatten(1).shape);
        Assert.Equal([24L], tensor.flatten().shape);
        Assert.Equal([2L, 3L, 4L], tensor.flatten(1).unflatten(1, 3, 4).shape);
    }

    [Fact]
    public void Squeeze_and_unsqueeze_drop_and_add_dimensions_of_size_one()
    {
        Tensor tensor = zeros(1, 3, 1);
        Assert.Equal([3L], tensor.squeeze().shape);
        Assert.Equal([3L, 1L], tensor.squeeze(0).shape);
        Assert.Equal([1L, 3L, 1L], tensor.squeeze(1).shape);
        Assert.Equal([3L, 1L], zeros(3).unsqueeze(-1).shape);
    }

    [Fact]
    public void Expand_repeats_without_copying()
    {
        Tensor expanded = tensor(new[] { 1f, 2 }).unsqueeze(1).expand(2, 3);
        Assert.Equal([1L, 0L], expanded.stride());
        expanded.AssertValues(1, 1, 1, 2, 2, 2);
        Assert.Equal([2L, 3L], expanded.expand(-1, -1).shape);
    }

    [Fact]
    public void Repeat_copies()
    {
        tensor(new[] { 1f, 2 }).repeat(2, 2).AssertValues(1, 2, 1, 2, 1, 2, 1, 2);
        tensor(new[] { 1f, 2 }).repeat_interleave(2).AssertValues(1, 1, 2, 2);
    }

    [Fact]
    public void Narrow_select_and_slice_are_views()
    {
        Tensor tensor = arange(10);
        tensor.narrow(0, 2, 3).AssertValues(2, 3, 4);
        tensor.slice(0, 1, 8, 3).AssertValues(1, 4, 7);
        Assert.Equal(4, tensor.select(0, 4).item<long>());
        tensor.narrow(0, 0, 2).fill_(-1);
        Assert.Equal(-1, tensor[1].item<long>());
    }

    [Fact]
    public void Chunk_split_and_unbind_cover_the_dimension()
    {
        Tensor tensor = arange(10);
        Assert.Equal([4L, 4L, 2L], tensor.chunk(3).Select(part => part.shape[0]));
        Assert.Equal([3L, 3L, 3L, 1L], tensor.split(3).Select(part => part.shape[0]));
        Assert.Equal([1L, 9L], tensor.split([1, 9], 0).Select(part => part.shape[0]));
        Assert.Equal(10, tensor.unbind().Length);
    }

    [Fact]
    public void Flip_and_roll_reorder()
    {
        arange(4).flip(0).AssertValues(3, 2, 1, 0);
        arange(4).roll(1, 0).AssertValues(3, 0, 1, 2);
        arange(4).view(2, 2).roll([1, 1], [0, 1]).AssertValues(3, 2, 1, 0);
        arange(4).view(2, 2).flip(0, 1).AssertValues(3, 2, 1, 0);
    }

    [Fact]
    public void As_strided_reads_any_layout() => arange(6).as_strided([2, 2], [1, 2], 1).AssertValues(1, 3, 2, 4);

    [Fact]
    public void Unfold_makes_sliding_windows() => arange(5).unfold(0, 3, 1).AssertValues(0, 1, 2, 1, 2, 3, 2, 3, 4);

    [Fact]
    public void Cat_and_stack_join()
    {
        Tensor a = arange(2), b = arange(2) + 2;
        cat([a, b], 0).AssertValues(0, 1, 2, 3);
        Assert.Equal([2L, 2L], stack([a, b]).shape);
        stack(new List<Tensor> { a, b }, 1).AssertValues(0, 2, 1, 3);
        Assert.Equal([4L], concat(new[] { a, b }).shape);
        Assert.Equal([2L, 2L], vstack([a, b]).shape);
        Assert.Equal([4L], hstack(a, b).shape);
    }

    [Fact]
    public void Cat_joins_hundreds_of_tensors()
    {
        Tensor[] parts = [.. Enumerable.Range(0, 300).Select(i => full(1, i))];
        Tensor joined = cat(parts);
        Assert.Equal(300, joined.numel());
        Assert.Equal(299, joined[299].item<long>());
    }

    [Fact]
    public void Clone_copies_and_alias_shares()
    {
        Tensor tensor = zeros(2);
        Tensor copy = tensor.clone(), alias = tensor.alias();
        tensor.fill_(1);
        copy.AssertValues(0, 0);
        alias.AssertValues(1, 1);
    }

    [Fact]
    public void Storage_offset_is_in_elements() => Assert.Equal(3, arange(6).view(2, 3)[1].storage_offset());

    [Fact]
    public void Triangles_and_diagonals()
    {
        Tensor matrix = ones(3, 3);
        Assert.Equal(6, matrix.tril().sum().item<float>());
        Assert.Equal(3, matrix.triu(1).sum().item<float>());
        diag(tensor(new[] { 1f, 2 })).AssertValues(1, 0, 0, 2);
        arange(4).view(2, 2).diagonal().AssertValues(0, 3);
    }

    [Fact]
    public void Broadcast_to_follows_the_trailing_dimensions() =>
        broadcast_to(arange(3), 2, 3).AssertValues(0, 1, 2, 0, 1, 2);
}
