using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor relu() => ActivationsOperators.Relu.Call(this);

        public Tensor relu_()
        {
            ActivationsOperators.ReluInPlace.Invoke(this);
            return this;
        }

        public Tensor relu6() => ActivationsOperators.Relu6.Call(this);

        public Tensor relu6_()
        {
            ActivationsOperators.Relu6InPlace.Invoke(this);
            return this;
        }

        public Tensor celu(Scalar alpha) => ActivationsOperators.Celu.Call(this, alpha);

        public Tensor elu(double alpha = 1) => elu(alpha, 1.0, 1.0);

        public Tensor elu(Scalar alpha, Scalar scale, Scalar input_scale) => ActivationsOperators.Elu.Call(this, alpha, scale, input_scale);

        public Tensor gelu() => ActivationsOperators.Gelu.Call(this);

        public Tensor glu(long dim = -1) => ActivationsOperators.Glu.Call(this, dim);

        public Tensor hardsigmoid() => ActivationsOperators.Hardsigmoid.Call(this);

        public Tensor hardsigmoid_()
        {
            ActivationsOperators.HardsigmoidInPlace.Invoke(this);
            return this;
        }

        public Tensor hardswish() => ActivationsOperators.Hardswish.Call(this);

        public Tensor hardswish_()
        {
            ActivationsOperators.HardswishInPlace.Invoke(this);
            return this;
        }

        public Tensor hardtanh(Scalar min, Scalar max) => ActivationsOperators.Hardtanh.Call(this, min, max);

        public Tensor hardtanh_(Scalar min, Scalar max)
        {
            ActivationsOperators.HardtanhInPlace.Invoke(this, min, max);
            return this;
        }

        public Tensor leaky_relu(Scalar negative_slope) => ActivationsOperators.LeakyRelu.Call(this, negative_slope);

        public Tensor leaky_relu_(Scalar negative_slope)
        {
            ActivationsOperators.LeakyReluInPlace.Invoke(this, negative_slope);
            return this;
        }

        public Tensor selu() => ActivationsOperators.Selu.Call(this);

        public Tensor selu_()
        {
            ActivationsOperators.SeluInPlace.Invoke(this);
            return this;
        }

        public Tensor silu() => ActivationsOperators.Silu.Call(this);

        public Tensor silu_()
        {
            ActivationsOperators.SiluInPlace.Invoke(this);
            return this;
        }

        public Tensor log_sigmoid() => ActivationsOperators.LogSigmoid.Call(this);

        public Tensor prelu(Tensor target) => ActivationsOperators.Prelu.Call(this, target);

        public Tensor softplus(double beta = 1, double threshold = 20) => ActivationsOperators.Softplus.Call(this, beta, threshold);

        public Tensor threshold(Scalar threshold, Scalar value) => ActivationsOperators.Threshold.Call(this, threshold, value);

        public Tensor threshold_(Scalar threshold, Scalar value)
        {
            ActivationsOperators.ThresholdInPlace.Invoke(this, threshold, value);
            return this;
        }

        public Tensor softmax(long dim, ScalarType? dtype = null) => ActivationsOperators.SoftmaxInt.Call(this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => ActivationsOperators.LogSoftmaxInt.Call(this, dim, dtype);
    }
}
