using TorchSharp.Operators;

namespace TorchSharp;

/// <summary>The operators that make tensors.</summary>
internal static class Creation
{
    public static readonly Operator Empty = Operator.Named("aten::empty", "memory_format");
    public static readonly Operator EmptyStrided = Operator.Named("aten::empty_strided");
    public static readonly Operator Zeros = Operator.Named("aten::zeros");
    public static readonly Operator Ones = Operator.Named("aten::ones");
    public static readonly Operator Full = Operator.Named("aten::full");
    public static readonly Operator Rand = Operator.Named("aten::rand", "generator");
    public static readonly Operator Randn = Operator.Named("aten::randn", "generator");
    public static readonly Operator Randint = Operator.Named("aten::randint", "low_generator");
    public static readonly Operator Randperm = Operator.Named("aten::randperm", "generator");
    public static readonly Operator Arange = Operator.Named("aten::arange", "start_step");
    public static readonly Operator Linspace = Operator.Named("aten::linspace");
    public static readonly Operator Logspace = Operator.Named("aten::logspace");
    public static readonly Operator Eye = Operator.Named("aten::eye", "m");
    public static readonly Operator ZerosLike = Operator.Named("aten::zeros_like");
    public static readonly Operator OnesLike = Operator.Named("aten::ones_like");
    public static readonly Operator EmptyLike = Operator.Named("aten::empty_like");
    public static readonly Operator RandLike = Operator.Named("aten::rand_like");
    public static readonly Operator RandnLike = Operator.Named("aten::randn_like");
    public static readonly Operator FullLike = Operator.Named("aten::full_like");
    public static readonly Operator RandintLike = Operator.Named("aten::randint_like", "low_dtype");
    public static readonly Operator Complex = Operator.Named("aten::complex");
    public static readonly Operator PromoteTypes = Operator.Named("aten::promote_types");
    public static readonly Operator ResultType = Operator.Named("aten::result_type", "Tensor");
}
