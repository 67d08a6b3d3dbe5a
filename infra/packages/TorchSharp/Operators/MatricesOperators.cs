namespace TorchSharp.Operators;

/// <summary>The operators for linear algebra.</summary>
internal static class MatricesOperators
{
    public static readonly Operator Matmul = Operator.Named("aten::matmul");
    public static readonly Operator Mm = Operator.Named("aten::mm");
    public static readonly Operator Mv = Operator.Named("aten::mv");
    public static readonly Operator Bmm = Operator.Named("aten::bmm");
    public static readonly Operator Dot = Operator.Named("aten::dot");
    public static readonly Operator Vdot = Operator.Named("aten::vdot");
    public static readonly Operator Inner = Operator.Named("aten::inner");
    public static readonly Operator Outer = Operator.Named("aten::outer");
    public static readonly Operator Kron = Operator.Named("aten::kron");
    public static readonly Operator Trace = Operator.Named("aten::trace");
    public static readonly Operator Det = Operator.Named("aten::det");
    public static readonly Operator Logdet = Operator.Named("aten::logdet");
    public static readonly Operator Inverse = Operator.Named("aten::inverse");
    public static readonly Operator LinalgPinv = Operator.Named("aten::linalg_pinv");
    public static readonly Operator MatrixExp = Operator.Named("aten::matrix_exp");
    public static readonly Operator MatrixPower = Operator.Named("aten::matrix_power");
    public static readonly Operator Addmm = Operator.Named("aten::addmm");
    public static readonly Operator AddmmInPlace = Operator.Named("aten::addmm_");
    public static readonly Operator Addmv = Operator.Named("aten::addmv");
    public static readonly Operator Addr = Operator.Named("aten::addr");
    public static readonly Operator Addbmm = Operator.Named("aten::addbmm");
    public static readonly Operator Baddbmm = Operator.Named("aten::baddbmm");
    public static readonly Operator Tensordot = Operator.Named("aten::tensordot");
    public static readonly Operator Cholesky = Operator.Named("aten::cholesky");
    public static readonly Operator Cov = Operator.Named("aten::cov");
    public static readonly Operator Corrcoef = Operator.Named("aten::corrcoef");
    public static readonly Operator Einsum = Operator.Named("aten::einsum");
    public static readonly Operator Cdist = Operator.Named("aten::cdist");
}
