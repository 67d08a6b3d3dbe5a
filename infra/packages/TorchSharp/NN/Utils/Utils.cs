using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class utils
        {
            /// <summary>The norm of all gradients together; they are scaled in place where it is above max_norm.</summary>
            public static double clip_grad_norm_(IEnumerable<Parameter> tensors, double max_norm, double norm_type = 2.0)
            {
                using var gradient = no_grad();
                using var scope = NewDisposeScope();
                var gradients = Gradients(tensors);
                if (gradients.Length == 0) return 0;

                var norms = gradients.Select(entry => entry.norm((float)norm_type)).ToArray();
                var total = double.IsPositiveInfinity(norm_type)
                    ? norms.Max(norm => norm.ToDouble())
                    : stack(norms).norm((float)norm_type).ToDouble();
                var scale = max_norm / (total + 1e-6);
                if (scale < 1)
                {
                    foreach (var entry in gradients) entry.mul_(scale);
                }

                return total;
            }

            public static void clip_grad_value_(IEnumerable<Parameter> tensors, double clip_value)
            {
                using var gradient = no_grad();
                using var scope = NewDisposeScope();
                foreach (var entry in Gradients(tensors)) entry.clamp_(-clip_value, clip_value);
            }

            public static Tensor parameters_to_vector(IEnumerable<Parameter> tensors)
            {
                using var scope = NewDisposeScope();
                return cat(tensors.Select(parameter => parameter.reshape(-1)).ToArray()).MoveToOuterDisposeScope();
            }

            public static void vector_to_parameters(Tensor vec, IEnumerable<Parameter> tensors)
            {
                using var gradient = no_grad();
                using var scope = NewDisposeScope();
                long offset = 0;
                foreach (var parameter in tensors)
                {
                    var count = parameter.numel();
                    parameter.copy_(vec.narrow(0, offset, count).view_as(parameter));
                    offset += count;
                }
            }

            private static Tensor[] Gradients(IEnumerable<Parameter> parameters) =>
                parameters.Select(parameter => parameter.grad).Where(gradient => gradient is not null).Select(gradient => gradient!).ToArray();
        }
    }
}
