namespace TorchSharp.Operators;

/// <summary>The operators for gathering from and scattering to places.</summary>
internal static class IndexingOperators
{
    public static readonly Operator IndexSelect = Operator.Named("aten::index_select");
    public static readonly Operator Gather = Operator.Named("aten::gather");
    public static readonly Operator Take = Operator.Named("aten::take");
    public static readonly Operator TakeAlongDim = Operator.Named("aten::take_along_dim");
    public static readonly Operator MaskedSelect = Operator.Named("aten::masked_select");
    public static readonly Operator MaskedFillScalar = Operator.Named("aten::masked_fill", "Scalar");
    public static readonly Operator MaskedFillInPlaceScalar = Operator.Named("aten::masked_fill_", "Scalar");
    public static readonly Operator MaskedScatter = Operator.Named("aten::masked_scatter");
    public static readonly Operator MaskedScatterInPlace = Operator.Named("aten::masked_scatter_");
    public static readonly Operator IndexAdd = Operator.Named("aten::index_add");
    public static readonly Operator IndexAddInPlace = Operator.Named("aten::index_add_");
    public static readonly Operator IndexCopy = Operator.Named("aten::index_copy");
    public static readonly Operator IndexCopyInPlace = Operator.Named("aten::index_copy_");
    public static readonly Operator IndexFillIntScalar = Operator.Named("aten::index_fill", "int_Scalar");
    public static readonly Operator IndexFillInPlaceIntScalar = Operator.Named("aten::index_fill_", "int_Scalar");
    public static readonly Operator ScatterSrc = Operator.Named("aten::scatter", "src");
    public static readonly Operator ScatterInPlaceSrc = Operator.Named("aten::scatter_", "src");
    public static readonly Operator ScatterAdd = Operator.Named("aten::scatter_add");
    public static readonly Operator ScatterAddInPlace = Operator.Named("aten::scatter_add_");
    public static readonly Operator DiagonalScatter = Operator.Named("aten::diagonal_scatter");
    public static readonly Operator SelectScatter = Operator.Named("aten::select_scatter");
    public static readonly Operator SliceScatter = Operator.Named("aten::slice_scatter");
    public static readonly Operator Nonzero = Operator.Named("aten::nonzero");
    public static readonly Operator Argwhere = Operator.Named("aten::argwhere");
    public static readonly Operator WhereSelf = Operator.Named("aten::where", "self");
    public static readonly Operator Where = Operator.Named("aten::where");
    public static readonly Operator FillInPlaceScalar = Operator.Named("aten::fill_", "Scalar");
    public static readonly Operator ZeroInPlace = Operator.Named("aten::zero_");
    public static readonly Operator CopyInPlace = Operator.Named("aten::copy_");
    public static readonly Operator IndexTensor = Operator.Named("aten::index", "Tensor");
    public static readonly Operator IndexPut = Operator.Named("aten::index_put_");
    public static readonly Operator Item = Operator.Named("aten::item");
    public static readonly Operator IsNonzero = Operator.Named("aten::is_nonzero");
    public static readonly Operator SetInPlace = Operator.Named("aten::set_", "source_Tensor");
    public static readonly Operator Real = Operator.Named("aten::real");
    public static readonly Operator Imag = Operator.Named("aten::imag");
}
