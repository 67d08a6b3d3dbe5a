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
}
