namespace TorchSharp.Operators;

/// <summary>The operators for comparison, sorting and search.</summary>
internal static class ComparisonsOperators
{
    public static readonly Operator EqTensor = Operator.Named("aten::eq", "Tensor");
    public static readonly Operator EqScalar = Operator.Named("aten::eq", "Scalar");
    public static readonly Operator NeTensor = Operator.Named("aten::ne", "Tensor");
    public static readonly Operator NeScalar = Operator.Named("aten::ne", "Scalar");
    public static readonly Operator LtTensor = Operator.Named("aten::lt", "Tensor");
    public static readonly Operator LtScalar = Operator.Named("aten::lt", "Scalar");
    public static readonly Operator LeTensor = Operator.Named("aten::le", "Tensor");
    public static readonly Operator LeScalar = Operator.Named("aten::le", "Scalar");
    public static readonly Operator GtTensor = Operator.Named("aten::gt", "Tensor");
    public static readonly Operator GtScalar = Operator.Named("aten::gt", "Scalar");
    public static readonly Operator GeTensor = Operator.Named("aten::ge", "Tensor");
    public static readonly Operator GeScalar = Operator.Named("aten::ge", "Scalar");
    public static readonly Operator EqInPlaceTensor = Operator.Named("aten::eq_", "Tensor");
    public static readonly Operator NeInPlaceTensor = Operator.Named("aten::ne_", "Tensor");
    public static readonly Operator LtInPlaceTensor = Operator.Named("aten::lt_", "Tensor");
    public static readonly Operator LeInPlaceTensor = Operator.Named("aten::le_", "Tensor");
    public static readonly Operator GtInPlaceTensor = Operator.Named("aten::gt_", "Tensor");
    public static readonly Operator GeInPlaceTensor = Operator.Named("aten::ge_", "Tensor");
    public static readonly Operator Equal = Operator.Named("aten::equal");
    public static readonly Operator Allclose = Operator.Named("aten::allclose");
    public static readonly Operator Isclose = Operator.Named("aten::isclose");
    public static readonly Operator IsinTensorTensor = Operator.Named("aten::isin", "Tensor_Tensor");
    public static readonly Operator Isnan = Operator.Named("aten::isnan");
    public static readonly Operator Isinf = Operator.Named("aten::isinf");
    public static readonly Operator Isfinite = Operator.Named("aten::isfinite");
    public static readonly Operator Isposinf = Operator.Named("aten::isposinf");
    public static readonly Operator Isneginf = Operator.Named("aten::isneginf");
    public static readonly Operator Maximum = Operator.Named("aten::maximum");
    public static readonly Operator Minimum = Operator.Named("aten::minimum");
    public static readonly Operator Fmax = Operator.Named("aten::fmax");
    public static readonly Operator Fmin = Operator.Named("aten::fmin");
    public static readonly Operator Argsort = Operator.Named("aten::argsort");
    public static readonly Operator SortStable = Operator.Named("aten::sort", "stable");
    public static readonly Operator Msort = Operator.Named("aten::msort");
    public static readonly Operator Topk = Operator.Named("aten::topk");
    public static readonly Operator Kthvalue = Operator.Named("aten::kthvalue");
    public static readonly Operator BucketizeTensor = Operator.Named("aten::bucketize", "Tensor");
    public static readonly Operator SearchsortedTensor = Operator.Named("aten::searchsorted", "Tensor");
}
