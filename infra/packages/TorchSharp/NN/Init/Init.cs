using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class init
        {
            public static double calculate_gain(NonlinearityType nonlinearity, double param = 0.0) => nonlinearity switch
            {
                NonlinearityType.Tanh => 5.0 / 3.0,
                NonlinearityType.ReLU => Math.Sqrt(2.0),
                NonlinearityType.LeakyReLU => Math.Sqrt(2.0 / (1 + (param * param))),
                _ => 1.0,
            };

            public static Tensor ones_(Tensor tensor) => WithoutGradient(tensor, static tensor => tensor.fill_(1));

            public static Tensor zeros_(Tensor tensor) => WithoutGradient(tensor, static tensor => tensor.zero_());

            public static Tensor constant_(Tensor tensor, Scalar val) => WithoutGradient(tensor, tensor => tensor.fill_(val));

            public static Tensor eye_(Tensor tensor)
            {
                if (tensor.dim() != 2) throw new ArgumentException("Only tensors with 2 dimensions are supported");
                return WithoutGradient(tensor, static tensor =>
                {
                    using var identity = eye(tensor.size(0), tensor.size(1), tensor.dtype, tensor.device);
                    tensor.copy_(identity);
                });
            }

            public static Tensor dirac_(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length is < 3 or > 5) throw new ArgumentException("Only tensors with 3, 4, or 5 dimensions are supported");
                return WithoutGradient(tensor, tensor =>
                {
                    tensor.zero_();
                    for (long channel = 0; channel < Math.Min(shape[0], shape[1]); channel++)
                    {
                        using var scope = NewDisposeScope();
                        var entry = tensor.select(0, channel).select(0, channel);
                        for (var dimension = 2; dimension < shape.Length; dimension++) entry = entry.select(0, shape[dimension] / 2);
                        entry.fill_(1);
                    }
                });
            }

            public static Tensor uniform_(Tensor tensor, double low = 0, double high = 1, Generator? generator = null) =>
                WithoutGradient(tensor, tensor => tensor.uniform_(low, high));

            public static Tensor normal_(Tensor tensor, double mean = 0, double std = 1, Generator? generator = null) =>
                WithoutGradient(tensor, tensor => tensor.normal_(mean, std));

            /// <summary>As the package does it: after erfinv the tensor is multiplied by the mean and the deviation is added (not sqrt(2) std
            /// and mean), so that with a mean of zero every value is std. For a truncated normal, draw and clamp.</summary>
            public static Tensor trunc_normal_(Tensor tensor, double mean = 0.0, double std = 1.0, double a = -2.0, double b = 2.0, Generator? generator = null)
            {
                var lower = NormalDistribution((a - mean) / std);
                var upper = NormalDistribution((b - mean) / std);
                return WithoutGradient(tensor, tensor =>
                {
                    tensor.uniform_((2 * lower) - 1, (2 * upper) - 1);
                    Aten.InverseError.Invoke(tensor);
                    tensor.mul_(mean).add_(std).clamp_(a, b);
                });
            }

            public static Tensor orthogonal_(Tensor tensor, double gain = 1.0)
            {
                if (tensor.dim() < 2) throw new ArgumentException("Only tensors with 2 or more dimensions are supported");
                return WithoutGradient(tensor, tensor =>
                {
                    using var scope = NewDisposeScope();
                    var rows = tensor.size(0);
                    var columns = tensor.numel() / rows;
                    var flat = randn([rows, columns], tensor.dtype, tensor.device);
                    if (rows < columns) flat = flat.t();
                    var (q, r) = Aten.QR.CallPair(flat);
                    // The signs of R's diagonal make Q uniformly distributed.
                    q = q.mul(Aten.Sign.Call(r.diag()));
                    if (rows < columns) q = q.t();
                    tensor.view_as(q).copy_(q).mul_(gain);
                });
            }

            public static Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU)
            {
                var bound = Math.Sqrt(3.0) * KaimingDeviation(tensor, a, mode, nonlinearity);
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor kaiming_normal_(Tensor tensor, double a = 0, FanInOut mode = FanInOut.FanIn, NonlinearityType nonlinearity = NonlinearityType.LeakyReLU) =>
                normal_(tensor, 0, KaimingDeviation(tensor, a, mode, nonlinearity));

            public static Tensor xavier_uniform_(Tensor tensor, double gain = 1.0)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                var bound = Math.Sqrt(3.0) * gain * Math.Sqrt(2.0 / (fanIn + fanOut));
                return uniform_(tensor, -bound, bound);
            }

            public static Tensor glorot_uniform_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            /// <summary>As the package does it: the draw is uniform, with the bounds of xavier_uniform_.</summary>
            public static Tensor xavier_normal_(Tensor tensor, double gain = 1.0) => xavier_uniform_(tensor, gain);

            public static Tensor glorot_normal_(Tensor tensor, double gain = 1.0) => xavier_normal_(tensor, gain);

            public static (long fanIn, long fanOut) CalculateFanInAndFanOut(Tensor tensor)
            {
                var shape = tensor.shape;
                if (shape.Length < 2)
                    throw new ArgumentException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
                long field = 1;
                foreach (var size in shape.AsSpan(2)) field *= size;
                return (shape[1] * field, shape[0] * field);
            }

            private static double KaimingDeviation(Tensor tensor, double a, FanInOut mode, NonlinearityType nonlinearity)
            {
                var (fanIn, fanOut) = CalculateFanInAndFanOut(tensor);
                return calculate_gain(nonlinearity, a) / Math.Sqrt(mode == FanInOut.FanIn ? fanIn : fanOut);
            }

            /// <summary>The error function to double precision, from libtorch.</summary>
            private static double NormalDistribution(double x)
            {
                using var argument = torch.tensor(x / Math.Sqrt(2.0), ScalarType.Float64);
                using var value = argument.erf();
                return (1.0 + value.ToDouble()) / 2.0;
            }

            private static Tensor WithoutGradient(Tensor tensor, Action<Tensor> fill)
            {
                using var _ = no_grad();
                fill(tensor);
                return tensor;
            }
        }
    }
}

/// <summary>Looked up on first use.</summary>
file static class Aten
{
    internal static readonly Operator InverseError = Operator.Named("aten::erfinv_");
    internal static readonly Operator Sign = Operator.Named("aten::sign");
    internal static readonly Operator QR = Operator.Named("aten::linalg_qr");
}
