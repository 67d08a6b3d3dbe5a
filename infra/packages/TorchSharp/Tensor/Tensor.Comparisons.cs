using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => ComparisonsOperators.EqTensor.Call(this, target);

        public Tensor eq(Scalar target) => ComparisonsOperators.EqScalar.Call(this, target);

        public Tensor ne(Tensor target) => ComparisonsOperators.NeTensor.Call(this, target);

        public Tensor ne(Scalar target) => ComparisonsOperators.NeScalar.Call(this, target);

        public Tensor lt(Tensor target) => ComparisonsOperators.LtTensor.Call(this, target);

        public Tensor lt(Scalar target) => ComparisonsOperators.LtScalar.Call(this, target);

        public Tensor le(Tensor target) => ComparisonsOperators.LeTensor.Call(this, target);

        public Tensor le(Scalar target) => ComparisonsOperators.LeScalar.Call(this, target);

        public Tensor gt(Tensor target) => ComparisonsOperators.GtTensor.Call(this, target);

        public Tensor gt(Scalar target) => ComparisonsOperators.GtScalar.Call(this, target);

        public Tensor ge(Tensor target) => ComparisonsOperators.GeTensor.Call(this, target);

        public Tensor ge(Scalar target) => ComparisonsOperators.GeScalar.Call(this, target);

        public Tensor eq_(Tensor target)
        {
            ComparisonsOperators.EqInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor ne_(Tensor target)
        {
            ComparisonsOperators.NeInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor lt_(Tensor target)
        {
            ComparisonsOperators.LtInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor le_(Tensor target)
        {
            ComparisonsOperators.LeInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor gt_(Tensor target)
        {
            ComparisonsOperators.GtInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor ge_(Tensor target)
        {
            ComparisonsOperators.GeInPlaceTensor.Invoke(this, target);
            return this;
        }

        public Tensor equal(Tensor target) => eq(target);

        public Tensor not_equal(Tensor target) => ne(target);

        public Tensor less(Tensor target) => lt(target);

        public Tensor less_equal(Tensor target) => le(target);

        public Tensor greater(Tensor target) => gt(target);

        public Tensor greater_equal(Tensor target) => ge(target);

        public bool Equals(Tensor target) => ComparisonsOperators.Equal.CallBool(this, target);

        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) =>
            ComparisonsOperators.Allclose.CallBool(this, target, rtol, atol, equal_nan);

        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) =>
            ComparisonsOperators.Isclose.Call(this, other, rtol, atol, nanEqual);

        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) =>
            ComparisonsOperators.IsinTensorTensor.Call(this, test_elements, assumeUnique, invert);

        public Tensor isnan() => ComparisonsOperators.Isnan.Call(this);

        public Tensor isinf() => ComparisonsOperators.Isinf.Call(this);

        public Tensor isfinite() => ComparisonsOperators.Isfinite.Call(this);

        public Tensor isposinf() => ComparisonsOperators.Isposinf.Call(this);

        public Tensor isneginf() => ComparisonsOperators.Isneginf.Call(this);

        public Tensor maximum(Tensor other) => ComparisonsOperators.Maximum.Call(this, other);

        public Tensor minimum(Tensor other) => ComparisonsOperators.Minimum.Call(this, other);

        public Tensor fmax(Tensor other) => ComparisonsOperators.Fmax.Call(this, other);

        public Tensor fmin(Tensor other) => ComparisonsOperators.Fmin.Call(this, other);

        public Tensor argsort(long dim = -1, bool descending = false) => ComparisonsOperators.Argsort.Call(this, dim, descending);

        public (Tensor Values, Tensor Indices) sort(long dim = -1, bool descending = false, bool stable = false) =>
            ComparisonsOperators.SortStable.CallPair(this, stable, dim, descending);

        public Tensor msort() => ComparisonsOperators.Msort.Call(this);

        public (Tensor values, Tensor indexes) topk(int k, int dim = -1, bool largest = true, bool sorted = true) =>
            ComparisonsOperators.Topk.CallPair(this, k, dim, largest, sorted);

        public (Tensor values, Tensor indices) kthvalue(long k, long? dim, bool keepdim = false) =>
            ComparisonsOperators.Kthvalue.CallPair(this, k, dim ?? -1, keepdim);

        public Tensor bucketize(Tensor boundaries, bool outInt32 = false, bool right = false) =>
            ComparisonsOperators.BucketizeTensor.Call(this, boundaries, outInt32, right);
    }
}
