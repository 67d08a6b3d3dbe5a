using System.Runtime.CompilerServices;
using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private const string IndexerMember = "TensorItems";

        [IndexerName(IndexerMember)]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName(IndexerMember)]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName(IndexerMember)]
        public Tensor this[long i1]
        {
            get => At([i1]);
            set => PutAt(value, [i1]);
        }

        [IndexerName(IndexerMember)]
        public Tensor this[long i1, long i2]
        {
            get => At([i1, i2]);
            set => PutAt(value, [i1, i2]);
        }

        [IndexerName(IndexerMember)]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At([i1, i2, i3]);
            set => PutAt(value, [i1, i2, i3]);
        }

        [IndexerName(IndexerMember)]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At([i1, i2, i3, i4]);
            set => PutAt(value, [i1, i2, i3, i4]);
        }

        [IndexerName(IndexerMember)]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => At([i1, i2, i3, i4, i5]);
            set => PutAt(value, [i1, i2, i3, i4, i5]);
        }

        [IndexerName(IndexerMember)]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => At([i1, i2, i3, i4, i5, i6]);
            set => PutAt(value, [i1, i2, i3, i4, i5, i6]);
        }

        [IndexerName(IndexerMember)]
        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => PutAt(value, indices);
        }

        public Tensor index(params TensorIndex[] indices)
        {
            using var steps = new IndexSteps(this);
            Tensor?[] tensors = steps.Apply(indices);
            return tensors.Length == 0 ? steps.Take() : IndexingOperators.IndexTensor.Call(steps.Current, tensors);
        }

        public Tensor index(params Tensor[] indices) => index(indices.Select(TensorIndex.Tensor).ToArray());

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            using var steps = new IndexSteps(this);
            Tensor?[] tensors = steps.Apply(indices);
            if (tensors.Length > 0)
            {
                IndexingOperators.IndexPut.Invoke(steps.Current, tensors, value, accumulate);
                return this;
            }
            if (accumulate)
                throw new ArgumentException("accumulate needs indices that are tensors", nameof(indices));
            Assign(steps.Current, value);
            return this;
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false) =>
            index_put_(value, indices.Select(TensorIndex.Tensor).ToArray(), accumulate);

        public Tensor index_put_(Scalar value, params TensorIndex[] indices)
        {
            using Tensor filled = full([], value, dtype, device);
            return index_put_(filled, indices);
        }

        public Tensor index_put_(Scalar value, params Tensor[] indices) => index_put_(value, indices.Select(TensorIndex.Tensor).ToArray());

        private Tensor At(ReadOnlySpan<long> indices)
        {
            using var steps = new IndexSteps(this);
            foreach (long index in indices)
                steps.Select(index);
            return steps.Take();
        }

        private void PutAt(Tensor value, ReadOnlySpan<long> indices)
        {
            using var steps = new IndexSteps(this);
            foreach (long index in indices)
                steps.Select(index);
            Assign(steps.Current, value);
        }

        /// <summary>As PyTorch's assignment: leading dimensions of size 1 that the target lacks are dropped from the value.</summary>
        private static void Assign(Tensor target, Tensor value)
        {
            Tensor source = value;
            while (source.ndim > target.ndim && source.size(0) == 1)
            {
                Tensor smaller = source.squeeze(0);
                if (!ReferenceEquals(source, value))
                    source.Dispose();
                source = smaller;
            }
            target.copy_(source);
            if (!ReferenceEquals(source, value))
                source.Dispose();
        }
    }
}
