using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>The weight and bias of a convolution that does what the convolution and the normalization after it did.</summary>
            public static (Parameter weight, Parameter bias) fuse_conv_bn_weights(
                Tensor conv_w, Tensor? conv_b, Tensor bn_rm, Tensor bn_rv, double bn_eps, Tensor? bn_w, Tensor? bn_b, bool transpose = false)
            {
                // The output channels are the first dimension of a weight, or the second of a transposed one.
                var shape = Enumerable.Repeat(1L, (int)conv_w.dim()).ToArray();
                shape[transpose ? 1 : 0] = -1;
                return Fuse(conv_w, conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, shape);
            }

            public static (Parameter weight, Parameter bias) fuse_linear_bn_weights(
                Tensor linear_w, Tensor? linear_b, Tensor bn_rm, Tensor bn_rv, double bn_eps, Tensor bn_w, Tensor bn_b) =>
                Fuse(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b, [-1, 1]);

            public static Linear fuse_linear_bn_eval(Linear linear, BatchNorm bn)
            {
                if (linear.training || bn.training)
                    throw new InvalidOperationException("Fusing operators is valid only for eval mode.");
                var (weight, bias) = fuse_linear_bn_weights(
                    linear.weight, linear.bias, bn.running_mean!, bn.running_var!, bn.eps, bn.weight, bn.bias!);
                return Linear(weight, bias);
            }

            private static (Parameter weight, Parameter bias) Fuse(
                Tensor weight, Tensor? bias, Tensor mean, Tensor variance, double epsilon, Tensor? scale, Tensor? offset, long[] shape)
            {
                using var gradient = no_grad();
                using var scope = NewDisposeScope();
                var factor = (variance + epsilon).rsqrt();
                if (scale is not null) factor *= scale;
                var shift = (bias is null ? -mean : bias - mean) * factor;
                if (offset is not null) shift += offset;
                return scope.MoveToOuter(
                    new Parameter((weight * factor.reshape(shape)).to(weight.dtype), weight.requires_grad),
                    new Parameter(shift.to((bias ?? weight).dtype), bias?.requires_grad ?? false));
            }
        }
    }
}
