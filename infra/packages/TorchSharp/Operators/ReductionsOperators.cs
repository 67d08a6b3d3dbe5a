namespace TorchSharp.Operators;

/// <summary>The operators that work over dimensions.</summary>
internal static class ReductionsOperators
{
    public static readonly Operator Sum = Operator.Named("aten::sum");
    public static readonly Operator SumDimIntList = Operator.Named("aten::sum", "dim_IntList");
    public static readonly Operator Mean = Operator.Named("aten::mean");
    public static readonly Operator MeanDim = Operator.Named("aten::mean", "dim");
    public static readonly Operator Prod = Operator.Named("aten::prod");
    public static readonly Operator ProdDimInt = Operator.Named("aten::prod", "dim_int");
    public static readonly Operator Std = Operator.Named("aten::std");
    public static readonly Operator StdDim = Operator.Named("aten::std", "dim");
    public static readonly Operator Var = Operator.Named("aten::var");
    public static readonly Operator VarDim = Operator.Named("aten::var", "dim");
    public static readonly Operator StdMean = Operator.Named("aten::std_mean");
    public static readonly Operator StdMeanDim = Operator.Named("aten::std_mean", "dim");
    public static readonly Operator VarMean = Operator.Named("aten::var_mean");
    public static readonly Operator VarMeanDim = Operator.Named("aten::var_mean", "dim");
    public static readonly Operator Amax = Operator.Named("aten::amax");
    public static readonly Operator AmaxOut = Operator.Named("aten::amax", "out");
    public static readonly Operator Amin = Operator.Named("aten::amin");
    public static readonly Operator AminOut = Operator.Named("aten::amin", "out");
    public static readonly Operator Aminmax = Operator.Named("aten::aminmax");
    public static readonly Operator Max = Operator.Named("aten::max");
    public static readonly Operator MaxOther = Operator.Named("aten::max", "other");
    public static readonly Operator MaxDim = Operator.Named("aten::max", "dim");
    public static readonly Operator Min = Operator.Named("aten::min");
    public static readonly Operator MinOther = Operator.Named("aten::min", "other");
    public static readonly Operator MinDim = Operator.Named("aten::min", "dim");
    public static readonly Operator Argmax = Operator.Named("aten::argmax");
    public static readonly Operator Argmin = Operator.Named("aten::argmin");
    public static readonly Operator All = Operator.Named("aten::all");
    public static readonly Operator AllDim = Operator.Named("aten::all", "dim");
    public static readonly Operator Any = Operator.Named("aten::any");
    public static readonly Operator AnyDim = Operator.Named("aten::any", "dim");
    public static readonly Operator Median = Operator.Named("aten::median");
    public static readonly Operator Nanmedian = Operator.Named("aten::nanmedian");
    public static readonly Operator Nansum = Operator.Named("aten::nansum");
    public static readonly Operator Nanmean = Operator.Named("aten::nanmean");
    public static readonly Operator Mode = Operator.Named("aten::mode");
    public static readonly Operator Quantile = Operator.Named("aten::quantile");
    public static readonly Operator NormScalar = Operator.Named("aten::norm", "Scalar");
    public static readonly Operator NormScalarOptDim = Operator.Named("aten::norm", "ScalarOpt_dim");
    public static readonly Operator Dist = Operator.Named("aten::dist");
    public static readonly Operator Logsumexp = Operator.Named("aten::logsumexp");
    public static readonly Operator Cumsum = Operator.Named("aten::cumsum");
    public static readonly Operator Cumprod = Operator.Named("aten::cumprod");
    public static readonly Operator Cummax = Operator.Named("aten::cummax");
    public static readonly Operator Cummin = Operator.Named("aten::cummin");
    public static readonly Operator Logcumsumexp = Operator.Named("aten::logcumsumexp");
    public static readonly Operator CountNonzero = Operator.Named("aten::count_nonzero");
    public static readonly Operator CountNonzeroDimIntList = Operator.Named("aten::count_nonzero", "dim_IntList");
    public static readonly Operator Bincount = Operator.Named("aten::bincount");
    public static readonly Operator Histc = Operator.Named("aten::histc");
}
