using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor alias() => ShapesOperators.Alias.Call(this);

        public Tensor view(params long[] shape) => ShapesOperators.View.Call(this, shape);

        public Tensor view_as(Tensor other) => ShapesOperators.ViewAs.Call(this, other);

        public Tensor view_as_real() => ShapesOperators.ViewAsReal.Call(this);

        public Tensor view_as_complex() => ShapesOperators.ViewAsComplex.Call(this);

        public Tensor reshape(params long[] shape) => ShapesOperators.Reshape.Call(this, shape);

        public Tensor permute(params long[] permutation) => ShapesOperators.Permute.Call(this, permutation);

        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());

        public Tensor transpose(long dim0, long dim1) => ShapesOperators.TransposeInt.Call(this, dim0, dim1);

        public Tensor transpose_(long dim0, long dim1)
        {
            ShapesOperators.TransposeInPlace.Invoke(this, dim0, dim1);
            return this;
        }

        public Tensor swapaxes(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor swapdims(long dim0, long dim1) => transpose(dim0, dim1);

        public Tensor movedim(long[] source, long[] destination) => ShapesOperators.MovedimIntlist.Call(this, source, destination);

        public Tensor moveaxis(long[] source, long[] destination) => movedim(source, destination);

        public Tensor t() => ShapesOperators.T.Call(this);

        public Tensor adjoint() => ShapesOperators.Adjoint.Call(this);

        public Tensor flatten(long start_dim = 0, long end_dim = -1) => ShapesOperators.FlattenUsingInts.Call(this, start_dim, end_dim);

        public Tensor unflatten(long dim, params long[] sizes) => ShapesOperators.UnflattenInt.Call(this, dim, sizes);

        public Tensor unflatten(long dim, Size sizes) => unflatten(dim, sizes.Shape);

        public Tensor squeeze(long? dim = null) =>
            dim.HasValue ? ShapesOperators.SqueezeDim.Call(this, dim.Value) : ShapesOperators.Squeeze.Call(this);

        public Tensor unsqueeze(long dim) => ShapesOperators.Unsqueeze.Call(this, dim);

        public Tensor unsqueeze_(long dim)
        {
            ShapesOperators.UnsqueezeInPlace.Invoke(this, dim);
            return this;
        }

        public Tensor expand(params long[] sizes) => ShapesOperators.Expand.Call(this, sizes);

        public Tensor expand(long[] sizes, bool isImplicit = false) => ShapesOperators.Expand.Call(this, sizes, isImplicit);

        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => ShapesOperators.Expand.Call(this, sizes, isImplicit);

        public Tensor expand(Size sizes, bool isImplicit = false) => ShapesOperators.Expand.Call(this, sizes.Shape, isImplicit);

        public Tensor expand_as(Tensor other) => expand(other.shape);

        public Tensor broadcast_to(params long[] shape) => ShapesOperators.BroadcastTo.Call(this, shape);

        public Tensor repeat(params long[] sizes) => ShapesOperators.Repeat.Call(this, sizes);

        public Tensor tile(long[] reps) => ShapesOperators.Tile.Call(this, reps);

        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) =>
            ShapesOperators.RepeatInterleaveSelfTensor.Call(this, repeats, dim, output_size);

        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) =>
            ShapesOperators.RepeatInterleaveSelfInt.Call(this, repeats, dim, output_size);

        public Tensor narrow(long dim, long start, long length) => ShapesOperators.Narrow.Call(this, dim, start, length);

        public Tensor select(long dim, long index) => ShapesOperators.SelectInt.Call(this, dim, index);

        public Tensor slice(long dim, long start, long finish, long step) => ShapesOperators.SliceTensor.Call(this, dim, start, finish, step);

        public Tensor unfold(long dimension, long size, long step) => ShapesOperators.Unfold.Call(this, dimension, size, step);

        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0L) =>
            ShapesOperators.AsStrided.Call(this, size, strides, storageOffset);

        public Tensor diagonal(long offset = 0L, long dim1 = 0L, long dim2 = 1L) => ShapesOperators.Diagonal.Call(this, offset, dim1, dim2);

        public Tensor diag(long diagonal = 0) => ShapesOperators.Diag.Call(this, diagonal);

        public Tensor diag_embed(long offset = 0L, long dim1 = -2L, long dim2 = -1L) => ShapesOperators.DiagEmbed.Call(this, offset, dim1, dim2);

        public Tensor diagflat(long offset = 0) => ShapesOperators.Diagflat.Call(this, offset);

        public Tensor tril(long diagonal = 0) => ShapesOperators.Tril.Call(this, diagonal);

        public Tensor triu(long diagonal = 0) => ShapesOperators.Triu.Call(this, diagonal);

        public Tensor flip(params long[] dims) => ShapesOperators.Flip.Call(this, dims);

        public Tensor fliplr() => ShapesOperators.Fliplr.Call(this);

        public Tensor flipud() => ShapesOperators.Flipud.Call(this);

        public Tensor rot90(long k = 1, (long, long)? dims = null) =>
            ShapesOperators.Rot90.Call(this, k, dims is null ? [0L, 1L] : new[] { dims.Value.Item1, dims.Value.Item2 });

        public Tensor roll(long shifts, long? dims = null) => ShapesOperators.Roll.Call(this, shifts, dims is null ? [] : new[] { dims.Value });

        public Tensor roll((long, long) shifts, (long, long) dims) => roll([shifts.Item1, shifts.Item2], [dims.Item1, dims.Item2]);

        public Tensor roll((long, long, long) shifts, (long, long, long) dims) =>
            roll([shifts.Item1, shifts.Item2, shifts.Item3], [dims.Item1, dims.Item2, dims.Item3]);

        public Tensor roll(long[] shifts, long[] dims) => ShapesOperators.Roll.Call(this, shifts, dims);

        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => ShapesOperators.Roll.Call(this, shifts, dims);

        public Tensor ravel() => ShapesOperators.Ravel.Call(this);

        public Tensor contiguous() => ShapesOperators.Contiguous.Call(this);

        public Tensor clone() => ShapesOperators.Clone.Call(this);

        public Tensor detach() => ShapesOperators.Detach.Call(this);

        public Tensor detach_()
        {
            ShapesOperators.DetachInPlace.Invoke(this);
            return this;
        }

        public Tensor atleast_1d() => ShapesOperators.Atleast1d.Call(this);

        public Tensor atleast_2d() => ShapesOperators.Atleast2d.Call(this);

        public Tensor atleast_3d() => ShapesOperators.Atleast3d.Call(this);

        public Tensor pin_memory() => ShapesOperators.PinMemory.Call(this);

        public Tensor to_dense() => ShapesOperators.ToDense.Call(this);

        public Tensor[] unbind(long dimension = 0L) => ShapesOperators.UnbindInt.CallList(this, dimension);

        public Tensor[] chunk(long chunks, long dim = 0L) => ShapesOperators.Chunk.CallList(this, chunks, dim);

        public Tensor[] split(long size, int dim = 0) => ShapesOperators.SplitTensor.CallList(this, size, dim);

        public Tensor[] split(long[] sizes, long dim = 0) => ShapesOperators.SplitWithSizes.CallList(this, sizes, dim);

        public Tensor[] split(params long[] sizes) => ShapesOperators.SplitWithSizes.CallList(this, sizes);

        public Tensor[] tensor_split(long size, long dim = 0L) => ShapesOperators.TensorSplitSections.CallList(this, size, dim);

        public Tensor[] tensor_split(long[] sizes, long dim = 0L) => ShapesOperators.TensorSplitIndices.CallList(this, sizes, dim);
    }
}
