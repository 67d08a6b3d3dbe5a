using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor index_select(long dim, Tensor index) => IndexingOperators.IndexSelect.Call(this, dim, index);

        public Tensor gather(long dim, Tensor index) => IndexingOperators.Gather.Call(this, dim, index);

        public Tensor take(Tensor index) => IndexingOperators.Take.Call(this, index);

        public Tensor take_along_dim(Tensor indices) => IndexingOperators.TakeAlongDim.Call(this, indices);

        public Tensor take_along_dim(Tensor indices, long dim) => IndexingOperators.TakeAlongDim.Call(this, indices, dim);

        public Tensor masked_select(Tensor mask) => IndexingOperators.MaskedSelect.Call(this, mask);

        public Tensor masked_fill(Tensor mask, Scalar value) => IndexingOperators.MaskedFillScalar.Call(this, mask, value);

        public Tensor masked_fill_(Tensor mask, Scalar value)
        {
            IndexingOperators.MaskedFillInPlaceScalar.Invoke(this, mask, value);
            return this;
        }

        public Tensor masked_scatter(Tensor mask, Tensor value) => IndexingOperators.MaskedScatter.Call(this, mask, value);

        public Tensor masked_scatter_(Tensor mask, Tensor value)
        {
            IndexingOperators.MaskedScatterInPlace.Invoke(this, mask, value);
            return this;
        }

        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) =>
            IndexingOperators.IndexAdd.Call(this, dim, index, source, alpha);

        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha)
        {
            IndexingOperators.IndexAddInPlace.Invoke(this, dim, index, source, alpha);
            return this;
        }

        public Tensor index_copy(long dim, Tensor index, Tensor source) => IndexingOperators.IndexCopy.Call(this, dim, index, source);

        public Tensor index_copy_(long dim, Tensor index, Tensor source)
        {
            IndexingOperators.IndexCopyInPlace.Invoke(this, dim, index, source);
            return this;
        }

        public Tensor index_fill(long dim, Tensor index, Scalar value) => IndexingOperators.IndexFillIntScalar.Call(this, dim, index, value);

        public Tensor index_fill_(long dim, Tensor index, Scalar value)
        {
            IndexingOperators.IndexFillInPlaceIntScalar.Invoke(this, dim, index, value);
            return this;
        }

        public Tensor scatter(long dim, Tensor index, Tensor src) => IndexingOperators.ScatterSrc.Call(this, dim, index, src);

        public Tensor scatter_(long dim, Tensor index, Tensor src)
        {
            IndexingOperators.ScatterInPlaceSrc.Invoke(this, dim, index, src);
            return this;
        }

        public Tensor scatter_add(long dim, Tensor index, Tensor src) => IndexingOperators.ScatterAdd.Call(this, dim, index, src);

        public Tensor scatter_add_(long dim, Tensor index, Tensor src)
        {
            IndexingOperators.ScatterAddInPlace.Invoke(this, dim, index, src);
            return this;
        }

        public Tensor diagonal_scatter(Tensor src, long offset = 0L, long dim1 = 0L, long dim2 = 1L) =>
            IndexingOperators.DiagonalScatter.Call(this, src, offset, dim1, dim2);

        public Tensor select_scatter(Tensor src, long dim, long index) => IndexingOperators.SelectScatter.Call(this, src, dim, index);

        public Tensor slice_scatter(Tensor src, long dim = 0L, long? start = null, long? end = null, long step = 1L) =>
            IndexingOperators.SliceScatter.Call(this, src, dim, start, end, step);

        public Tensor nonzero() => IndexingOperators.Nonzero.Call(this);

        public Tensor argwhere() => IndexingOperators.Argwhere.Call(this);

        public Tensor where(Tensor condition, Tensor y) => IndexingOperators.WhereSelf.Call(condition, this, y);

        public Tensor fill_(Scalar value)
        {
            IndexingOperators.FillInPlaceScalar.Invoke(this, value);
            return this;
        }

        public Tensor zero_()
        {
            IndexingOperators.ZeroInPlace.Invoke(this);
            return this;
        }

        public Tensor copy_(Tensor source, bool nonBlocking = false)
        {
            IndexingOperators.CopyInPlace.Invoke(this, source, nonBlocking);
            return this;
        }
    }
}
