namespace TorchSharp.Operators;

/// <summary>The operators for random numbers, drawn from the given generator or the default one.</summary>
internal static class SamplingOperators
{
    public static readonly Operator Bernoulli = Operator.Named("aten::bernoulli");
    public static readonly Operator Multinomial = Operator.Named("aten::multinomial");
    public static readonly Operator Poisson = Operator.Named("aten::poisson");
    public static readonly Operator BernoulliInPlaceFloat = Operator.Named("aten::bernoulli_", "float");
    public static readonly Operator BernoulliInPlaceTensor = Operator.Named("aten::bernoulli_", "Tensor");
    public static readonly Operator CauchyInPlace = Operator.Named("aten::cauchy_");
    public static readonly Operator ExponentialInPlace = Operator.Named("aten::exponential_");
    public static readonly Operator GeometricInPlace = Operator.Named("aten::geometric_");
    public static readonly Operator NormalInPlace = Operator.Named("aten::normal_");
    public static readonly Operator LogNormalInPlace = Operator.Named("aten::log_normal_");
    public static readonly Operator RandomInPlaceFrom = Operator.Named("aten::random_", "from");
    public static readonly Operator UniformInPlace = Operator.Named("aten::uniform_");
}
