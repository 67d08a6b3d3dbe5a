using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor sum(ScalarType? type = null) => ReductionsOperators.Sum.Call(this, type);

        public Tensor sum(long[] dim, bool keepdim = false, ScalarType? type = null) =>
            ReductionsOperators.SumDimIntList.Call(this, dim, keepdim, type);

        public Tensor sum(ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
            ReductionsOperators.SumDimIntList.Call(this, dim, keepdim, type);

        public Tensor sum(long dim, bool keepdim = false, ScalarType? type = null) =>
            ReductionsOperators.SumDimIntList.Call(this, dim, keepdim, type);

        public Tensor sum(long dim0, long dim1, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1], keepdim, type);

        public Tensor sum(long dim0, long dim1, long dim2, bool keepdim = false, ScalarType? type = null) => sum([dim0, dim1, dim2], keepdim, type);

        public Tensor mean() => ReductionsOperators.Mean.Call(this);

        public Tensor mean(long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
            ReductionsOperators.MeanDim.Call(this, dimensions, keepdim, type);

        public Tensor prod(ScalarType? type = null) => ReductionsOperators.Prod.Call(this, type);

        public Tensor prod(long dim, bool keepdim = false, ScalarType? type = null) => ReductionsOperators.ProdDimInt.Call(this, dim, keepdim, type);

        // As in the package, std and var take a type and do not look at it.
        public Tensor std(bool unbiased = true) => ReductionsOperators.Std.Call(this, unbiased);

        public Tensor std(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            ReductionsOperators.StdDim.Call(this, dimensions, unbiased, keepdim);

        public Tensor std(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => ReductionsOperators.StdDim.Call(this, dim, unbiased, keepdim);

        public Tensor var(bool unbiased = true) => ReductionsOperators.Var.Call(this, unbiased);

        public Tensor var(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            ReductionsOperators.VarDim.Call(this, dimensions, unbiased, keepdim);

        public Tensor var(long dim, bool unbiased = true, bool keepdim = false, ScalarType? type = null) => ReductionsOperators.VarDim.Call(this, dim, unbiased, keepdim);

        public (Tensor std, Tensor mean) std_mean(bool unbiased = true) => ReductionsOperators.StdMean.CallPair(this, unbiased);

        public (Tensor std, Tensor mean) std_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            ReductionsOperators.StdMeanDim.CallPair(this, dimensions, unbiased, keepdim);

        public (Tensor @var, Tensor mean) var_mean(bool unbiased = true) => ReductionsOperators.VarMean.CallPair(this, unbiased);

        // The package calls the first of the pair std here.
        public (Tensor std, Tensor mean) var_mean(long[] dimensions, bool unbiased = true, bool keepdim = false, ScalarType? type = null) =>
            ReductionsOperators.VarMeanDim.CallPair(this, dimensions, unbiased, keepdim);

        public Tensor amax(params long[] dims) => ReductionsOperators.Amax.Call(this, dims);

        public Tensor amax(long[] dims, bool keepdim = false, Tensor? @out = null) => amax((ReadOnlySpan<long>)dims, keepdim, @out);

        public Tensor amax(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? ReductionsOperators.Amax.Call(this, dims, keepdim) : ReductionsOperators.AmaxOut.Call(this, dims, keepdim, @out);

        public Tensor amin(params long[] dims) => ReductionsOperators.Amin.Call(this, dims);

        public Tensor amin(long[] dims, bool keepdim = false, Tensor? @out = null) => amin((ReadOnlySpan<long>)dims, keepdim, @out);

        public Tensor amin(ReadOnlySpan<long> dims, bool keepdim = false, Tensor? @out = null) =>
            @out is null ? ReductionsOperators.Amin.Call(this, dims, keepdim) : ReductionsOperators.AminOut.Call(this, dims, keepdim, @out);

        public (Tensor min, Tensor max) aminmax(long? dim = null, bool keepdim = false) => ReductionsOperators.Aminmax.CallPair(this, dim, keepdim);

        public Tensor max() => ReductionsOperators.Max.Call(this);

        public Tensor max(Tensor other) => ReductionsOperators.MaxOther.Call(this, other);

        public (Tensor values, Tensor indexes) max(long dim, bool keepdim = false) => ReductionsOperators.MaxDim.CallPair(this, dim, keepdim);

        public Tensor min() => ReductionsOperators.Min.Call(this);

        public Tensor min(Tensor other) => ReductionsOperators.MinOther.Call(this, other);

        public (Tensor values, Tensor indexes) min(long dim, bool keepdim = false) => ReductionsOperators.MinDim.CallPair(this, dim, keepdim);

        public Tensor argmax() => ReductionsOperators.Argmax.Call(this);

        public Tensor argmax(long dim, bool keepdim = false) => ReductionsOperators.Argmax.Call(this, dim, keepdim);

        public Tensor argmin() => ReductionsOperators.Argmin.Call(this);

        public Tensor argmin(long dim, bool keepdim = false) => ReductionsOperators.Argmin.Call(this, dim, keepdim);

        public Tensor all() => ReductionsOperators.All.Call(this);

        public Tensor all(long dim, bool keepdim = false) => ReductionsOperators.AllDim.Call(this, dim, keepdim);

        public Tensor any() => ReductionsOperators.Any.Call(this);

        public Tensor any(long dim, bool keepdim = false) => ReductionsOperators.AnyDim.Call(this, dim, keepdim);

        public Tensor median() => ReductionsOperators.Median.Call(this);

        public Tensor nanmedian() => ReductionsOperators.Nanmedian.Call(this);

        public Tensor nansum() => ReductionsOperators.Nansum.Call(this);

        public Tensor nanmean(int? dim = null, bool keepdim = false, ScalarType? dtype = null) =>
            ReductionsOperators.Nanmean.Call(this, dim, keepdim, dtype);

        public (Tensor values, Tensor indices) mode(long dim = -1L, bool keepdim = false) => ReductionsOperators.Mode.CallPair(this, dim, keepdim);

        public Tensor quantile(Tensor q, long dim = -1, bool keepdim = false) => ReductionsOperators.Quantile.Call(this, q, dim, keepdim);

        public Tensor norm(float p = 2.0f) => ReductionsOperators.NormScalar.Call(this, p);

        public Tensor norm(int dim, bool keepdim = false, float p = 2.0f) => ReductionsOperators.NormScalarOptDim.Call(this, p, dim, keepdim);

        public Tensor dist(Tensor other, float p = 2.0f) => ReductionsOperators.Dist.Call(this, other, p);

        public Tensor logsumexp(long dim, bool keepdim = false) => ReductionsOperators.Logsumexp.Call(this, dim, keepdim);

        public Tensor cumsum(long dim, ScalarType? type = null) => ReductionsOperators.Cumsum.Call(this, dim, type);

        public Tensor cumprod(long dim, ScalarType? type = null) => ReductionsOperators.Cumprod.Call(this, dim, type);

        public (Tensor values, Tensor indexes) cummax(long dim) => ReductionsOperators.Cummax.CallPair(this, dim);

        public (Tensor values, Tensor indexes) cummin(long dim) => ReductionsOperators.Cummin.CallPair(this, dim);

        public Tensor logcumsumexp(long dim) => ReductionsOperators.Logcumsumexp.Call(this, dim);

        public Tensor count_nonzero(long[]? dims = null) =>
            dims is null ? ReductionsOperators.CountNonzero.Call(this) : ReductionsOperators.CountNonzeroDimIntList.Call(this, dims);

        public Tensor bincount(Tensor? weights, long minlength = 0) => ReductionsOperators.Bincount.Call(this, weights, minlength);

        public Tensor histc(long bins = 100, long min = 0, long max = 0) => ReductionsOperators.Histc.Call(this, bins, min, max);
    }
}
