namespace TorchSharp.Operators;

/// <summary>The operators for special functions.</summary>
internal static class SpecialOperators
{
    public static readonly Operator Entr = Operator.Named("aten::special_entr");
    public static readonly Operator Erf = Operator.Named("aten::special_erf");
    public static readonly Operator Erfc = Operator.Named("aten::special_erfc");
    public static readonly Operator Erfinv = Operator.Named("aten::special_erfinv");
    public static readonly Operator Expit = Operator.Named("aten::special_expit");
    public static readonly Operator Expm1 = Operator.Named("aten::special_expm1");
    public static readonly Operator Exp2 = Operator.Named("aten::special_exp2");
    public static readonly Operator Gammaln = Operator.Named("aten::special_gammaln");
    public static readonly Operator Digamma = Operator.Named("aten::special_digamma");
    public static readonly Operator I0 = Operator.Named("aten::special_i0");
    public static readonly Operator I0e = Operator.Named("aten::special_i0e");
    public static readonly Operator LogSoftmax = Operator.Named("aten::special_log_softmax");
    public static readonly Operator Logit = Operator.Named("aten::special_logit");
    public static readonly Operator Ndtr = Operator.Named("aten::special_ndtr");
    public static readonly Operator Sinc = Operator.Named("aten::special_sinc");
    public static readonly Operator Softmax = Operator.Named("aten::special_softmax");
}
