using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor celu(Tensor x, double alpha, bool inplace = false) =>
                (inplace ? Aten.CELUInPlace : Aten.CELU).Call(x, alpha);

            public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
                (inplace ? Aten.ELUInPlace : Aten.ELU).Call(x, alpha);

            public static Tensor gelu(Tensor x, bool inplace) => (inplace ? Aten.GELUInPlace : Aten.GELU).Call(x);

            public static Tensor gelu(Tensor x) => Aten.GELU.Call(x);

            public static Tensor glu(Tensor input, long dim = -1) => Aten.GLU.Call(input, dim);

            public static Tensor hardshrink(Tensor x, double lambda = 0.5) => Aten.Hardshrink.Call(x, lambda);

            public static Tensor hardsigmoid(Tensor input, bool inplace = false) =>
                (inplace ? Aten.HardsigmoidInPlace : Aten.Hardsigmoid).Call(input);

            public static Tensor hardswish(Tensor input, bool inplace = false) =>
                (inplace ? Aten.HardswishInPlace : Aten.Hardswish).Call(input);

            public static Tensor hardtanh(Tensor x, double min_val = -1.0, double max_val = 1.0, bool inplace = false) =>
                (inplace ? Aten.HardtanhInPlace : Aten.Hardtanh).Call(x, min_val, max_val);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                (inplace ? Aten.LeakyReLUInPlace : Aten.LeakyReLU).Call(input, negative_slope);

            public static Tensor logsigmoid(Tensor x) => Aten.LogSigmoid.Call(x);

            public static Tensor mish(Tensor x, bool inplace = false) =>
                (inplace ? Aten.MishInPlace : Aten.Mish).Call(x);

            public static Tensor relu6(Tensor x, bool inplace = false) =>
                (inplace ? Aten.ReLU6InPlace : Aten.ReLU6).Call(x);

            public static Tensor relu(Tensor x, bool inplace = false) =>
                (inplace ? Aten.ReLUInPlace : Aten.ReLU).Call(x);

            public static Tensor selu(Tensor x, bool inplace = false) =>
                (inplace ? Aten.SELUInPlace : Aten.SELU).Call(x);

            public static Tensor silu(Tensor x, bool inplace = false) =>
                (inplace ? Aten.SiLUInPlace : Aten.SiLU).Call(x);

            public static Tensor sigmoid(Tensor x, bool inplace) => (inplace ? Aten.SigmoidInPlace : Aten.Sigmoid).Call(x);

            public static Tensor sigmoid(Tensor x) => Aten.Sigmoid.Call(x);

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Aten.Softplus.Call(x, beta, threshold);

            public static Tensor softshrink(Tensor x, double lambda = 0.5) => Aten.Softshrink.Call(x, lambda);

            public static Tensor tanh(Tensor x, bool inplace = false) =>
                (inplace ? Aten.TanhInPlace : Aten.Tanh).Call(x);

            public static Tensor threshold(Tensor x, double threshold, double value, bool inplace = false) =>
                (inplace ? Aten.ThresholdInPlace : Aten.Threshold).Call(x, threshold, value);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => Aten.Softmax.Call(input, dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => Aten.LogSoftmax.Call(x, dim);

            public static Tensor softmin(Tensor x, long dim)
            {
                using var negative = Aten.Negative.Call(x);
                return Aten.Softmax.Call(negative, dim);
            }

            public static Tensor softsign(Tensor x, bool inplace = false)
            {
                using var magnitude = Aten.Magnitude.Call(x);
                using var denominator = Aten.AddScalar.Call(magnitude, 1L);
                return (inplace ? Aten.DivideInPlace : Aten.Divide).Call(x, denominator);
            }

            public static Tensor tanhshrink(Tensor x, bool inplace = false)
            {
                using var tanh = Aten.Tanh.Call(x);
                return (inplace ? Aten.SubtractInPlace : Aten.Subtract).Call(x, tanh);
            }

            public static Tensor prelu(Tensor input, Tensor weight) => Aten.PReLU.Call(input, weight);
        }
    }
}

/// <summary>Looked up on first use of this file's functions.</summary>
file static class Aten
{
    internal static readonly Operator CELU = Operator.Named("aten::celu");
    internal static readonly Operator CELUInPlace = Operator.Named("aten::celu_");
    internal static readonly Operator ELU = Operator.Named("aten::elu");
    internal static readonly Operator ELUInPlace = Operator.Named("aten::elu_");
    internal static readonly Operator GELU = Operator.Named("aten::gelu");
    internal static readonly Operator GELUInPlace = Operator.Named("aten::gelu_");
    internal static readonly Operator GLU = Operator.Named("aten::glu");
    internal static readonly Operator Hardshrink = Operator.Named("aten::hardshrink");
    internal static readonly Operator Hardsigmoid = Operator.Named("aten::hardsigmoid");
    internal static readonly Operator HardsigmoidInPlace = Operator.Named("aten::hardsigmoid_");
    internal static readonly Operator Hardswish = Operator.Named("aten::hardswish");
    internal static readonly Operator HardswishInPlace = Operator.Named("aten::hardswish_");
    internal static readonly Operator Hardtanh = Operator.Named("aten::hardtanh");
    internal static readonly Operator HardtanhInPlace = Operator.Named("aten::hardtanh_");
    internal static readonly Operator LeakyReLU = Operator.Named("aten::leaky_relu");
    internal static readonly Operator LeakyReLUInPlace = Operator.Named("aten::leaky_relu_");
    internal static readonly Operator LogSigmoid = Operator.Named("aten::log_sigmoid");
    internal static readonly Operator Mish = Operator.Named("aten::mish");
    internal static readonly Operator MishInPlace = Operator.Named("aten::mish_");
    internal static readonly Operator ReLU6 = Operator.Named("aten::relu6");
    internal static readonly Operator ReLU6InPlace = Operator.Named("aten::relu6_");
    internal static readonly Operator ReLU = Operator.Named("aten::relu");
    internal static readonly Operator ReLUInPlace = Operator.Named("aten::relu_");
    internal static readonly Operator SELU = Operator.Named("aten::selu");
    internal static readonly Operator SELUInPlace = Operator.Named("aten::selu_");
    internal static readonly Operator SiLU = Operator.Named("aten::silu");
    internal static readonly Operator SiLUInPlace = Operator.Named("aten::silu_");
    internal static readonly Operator Sigmoid = Operator.Named("aten::sigmoid");
    internal static readonly Operator SigmoidInPlace = Operator.Named("aten::sigmoid_");
    internal static readonly Operator Softplus = Operator.Named("aten::softplus");
    internal static readonly Operator Softshrink = Operator.Named("aten::softshrink");
    internal static readonly Operator Tanh = Operator.Named("aten::tanh");
    internal static readonly Operator TanhInPlace = Operator.Named("aten::tanh_");
    internal static readonly Operator Threshold = Operator.Named("aten::threshold");
    internal static readonly Operator ThresholdInPlace = Operator.Named("aten::threshold_");
    internal static readonly Operator Softmax = Operator.Named("aten::softmax", "int");
    internal static readonly Operator LogSoftmax = Operator.Named("aten::log_softmax", "int");
    internal static readonly Operator Negative = Operator.Named("aten::neg");
    internal static readonly Operator Magnitude = Operator.Named("aten::abs");
    internal static readonly Operator AddScalar = Operator.Named("aten::add", "Scalar");
    internal static readonly Operator Divide = Operator.Named("aten::div", "Tensor");
    internal static readonly Operator DivideInPlace = Operator.Named("aten::div_", "Tensor");
    internal static readonly Operator Subtract = Operator.Named("aten::sub", "Tensor");
    internal static readonly Operator SubtractInPlace = Operator.Named("aten::sub_", "Tensor");
    internal static readonly Operator PReLU = Operator.Named("aten::prelu");
}
