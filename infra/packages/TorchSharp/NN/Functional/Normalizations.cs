using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor normalize(Tensor input, double p = 2.0, long dim = 1L, double eps = 1e-12)
            {
                using var norm = Aten.Norm.Call(input, p, new[] { dim }, true);
                using var bounded = Aten.ClampMin.Call(norm, eps);
                return Aten.Divide.Call(input, bounded);
            }

            public static Tensor batch_norm(Tensor input, Tensor? running_mean, Tensor? running_var, Tensor? weight = null, Tensor? bias = null, bool training = false, double momentum = 0.1, double eps = 1e-5) =>
                Aten.BatchNorm.Call(input, weight, bias, running_mean, running_var, training, momentum, eps, false);

            public static Tensor instance_norm(Tensor input, Tensor? running_mean = null, Tensor? running_var = null, Tensor? weight = null, Tensor? bias = null, bool use_input_stats = true, double momentum = 0.1, double eps = 1e-5) =>
                Aten.InstanceNorm.Call(input, weight, bias, running_mean, running_var, use_input_stats, momentum, eps, false);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                Aten.GroupNorm.Call(input, num_groups, weight, bias, eps);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-5) =>
                Aten.LayerNorm.Call(input, normalized_shape, weight, bias, eps);
        }
    }
}

/// <summary>Looked up on first use.</summary>
file static class Aten
{
    internal static readonly Operator Norm = Operator.Named("aten::norm", "ScalarOpt_dim");
    internal static readonly Operator ClampMin = Operator.Named("aten::clamp_min");
    internal static readonly Operator Divide = Operator.Named("aten::div", "Tensor");
    internal static readonly Operator BatchNorm = Operator.Named("aten::batch_norm");
    internal static readonly Operator InstanceNorm = Operator.Named("aten::instance_norm");
    internal static readonly Operator GroupNorm = Operator.Named("aten::group_norm");
    internal static readonly Operator LayerNorm = Operator.Named("aten::layer_norm");
}
