using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor binary_cross_entropy_with_logits(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean, Tensor? pos_weights = null) =>
                Aten.BinaryCrossEntropyWithLogits.Call(input, target, weight, pos_weights, (long)reduction);

            public static Tensor binary_cross_entropy(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.BinaryCrossEntropy.Call(input, target, weight, (long)reduction);

            public static Tensor cross_entropy(Tensor input, Tensor target, Tensor? weight = null, long ignore_index = -100, Reduction reduction = Reduction.Mean, double label_smoothing = 0.0) =>
                Aten.CrossEntropy.Call(input, target, weight, (long)reduction, ignore_index, label_smoothing);

            public static Tensor mse_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.MeanSquaredError.Call(input, target, (long)reduction);

            public static Tensor l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.L1.Call(input, target, (long)reduction);

            public static Tensor nll_loss(Tensor input, Tensor target, Tensor? weight = null, Reduction reduction = Reduction.Mean) =>
                Aten.NegativeLogLikelihood.Call(input, target, weight, (long)reduction);

            public static Tensor kl_div(Tensor input, Tensor target, bool log_target = true, Reduction reduction = Reduction.Mean) =>
                Aten.KullbackLeibler.Call(input, target, (long)reduction, log_target);

            public static Tensor smooth_l1_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean, double beta = 1.0) =>
                Aten.SmoothL1.Call(input, target, (long)reduction, beta);

            public static Tensor huber_loss(Tensor input, Tensor target, double delta = 1.0, Reduction reduction = Reduction.Mean) =>
                Aten.Huber.Call(input, target, (long)reduction, delta);

            public static Tensor soft_margin_loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) =>
                Aten.SoftMargin.Call(input, target, (long)reduction);
        }
    }
}

/// <summary>Looked up on first use.</summary>
file static class Aten
{
    internal static readonly Operator BinaryCrossEntropyWithLogits = Operator.Named("aten::binary_cross_entropy_with_logits");
    internal static readonly Operator BinaryCrossEntropy = Operator.Named("aten::binary_cross_entropy");
    internal static readonly Operator CrossEntropy = Operator.Named("aten::cross_entropy_loss");
    internal static readonly Operator MeanSquaredError = Operator.Named("aten::mse_loss");
    internal static readonly Operator L1 = Operator.Named("aten::l1_loss");
    internal static readonly Operator NegativeLogLikelihood = Operator.Named("aten::nll_loss_nd");
    internal static readonly Operator KullbackLeibler = Operator.Named("aten::kl_div");
    internal static readonly Operator SmoothL1 = Operator.Named("aten::smooth_l1_loss");
    internal static readonly Operator Huber = Operator.Named("aten::huber_loss");
    internal static readonly Operator SoftMargin = Operator.Named("aten::soft_margin_loss");
}
