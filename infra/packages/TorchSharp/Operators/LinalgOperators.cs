namespace TorchSharp.Operators;

/// <summary>The operators for linear algebra.</summary>
internal static class LinalgOperators
{
    public static readonly Operator Cholesky = Operator.Named("aten::linalg_cholesky");
    public static readonly Operator Cross = Operator.Named("aten::linalg_cross");
    public static readonly Operator Det = Operator.Named("aten::linalg_det");
    public static readonly Operator Slogdet = Operator.Named("aten::linalg_slogdet");
    public static readonly Operator Eigh = Operator.Named("aten::linalg_eigh");
    public static readonly Operator Inv = Operator.Named("aten::linalg_inv");
    public static readonly Operator MultiDot = Operator.Named("aten::linalg_multi_dot");
    public static readonly Operator Norm = Operator.Named("aten::linalg_norm");
    public static readonly Operator NormOrdStr = Operator.Named("aten::linalg_norm", "ord_str");
    public static readonly Operator VectorNorm = Operator.Named("aten::linalg_vector_norm");
    public static readonly Operator MatrixNormStrOrd = Operator.Named("aten::linalg_matrix_norm", "str_ord");
    public static readonly Operator MatrixNorm = Operator.Named("aten::linalg_matrix_norm");
    public static readonly Operator Solve = Operator.Named("aten::linalg_solve");
    public static readonly Operator Svd = Operator.Named("aten::linalg_svd");
    public static readonly Operator Svdvals = Operator.Named("aten::linalg_svdvals");
}
