namespace TorchSharp.Operators;

/// <summary>The operators for the activation functions that a tensor has as methods.</summary>
internal static class ActivationsOperators
{
    public static readonly Operator Relu = Operator.Named("aten::relu");
    public static readonly Operator ReluInPlace = Operator.Named("aten::relu_");
    public static readonly Operator Relu6 = Operator.Named("aten::relu6");
    public static readonly Operator Relu6InPlace = Operator.Named("aten::relu6_");
    public static readonly Operator Celu = Operator.Named("aten::celu");
    public static readonly Operator Elu = Operator.Named("aten::elu");
    public static readonly Operator Gelu = Operator.Named("aten::gelu");
    public static readonly Operator Glu = Operator.Named("aten::glu");
    public static readonly Operator Hardsigmoid = Operator.Named("aten::hardsigmoid");
    public static readonly Operator HardsigmoidInPlace = Operator.Named("aten::hardsigmoid_");
    public static readonly Operator Hardswish = Operator.Named("aten::hardswish");
    public static readonly Operator HardswishInPlace = Operator.Named("aten::hardswish_");
    public static readonly Operator Hardtanh = Operator.Named("aten::hardtanh");
    public static readonly Operator HardtanhInPlace = Operator.Named("aten::hardtanh_");
    public static readonly Operator LeakyRelu = Operator.Named("aten::leaky_relu");
    public static readonly Operator LeakyReluInPlace = Operator.Named("aten::leaky_relu_");
    public static readonly Operator Selu = Operator.Named("aten::selu");
    public static readonly Operator SeluInPlace = Operator.Named("aten::selu_");
    public static readonly Operator Silu = Operator.Named("aten::silu");
    public static readonly Operator SiluInPlace = Operator.Named("aten::silu_");
    public static readonly Operator LogSigmoid = Operator.Named("aten::log_sigmoid");
    public static readonly Operator Prelu = Operator.Named("aten::prelu");
    public static readonly Operator Softplus = Operator.Named("aten::softplus");
    public static readonly Operator Threshold = Operator.Named("aten::threshold");
    public static readonly Operator ThresholdInPlace = Operator.Named("aten::threshold_");
    public static readonly Operator SoftmaxInt = Operator.Named("aten::softmax", "int");
    public static readonly Operator LogSoftmaxInt = Operator.Named("aten::log_softmax", "int");
}
