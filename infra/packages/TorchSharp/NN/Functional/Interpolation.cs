using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                var dimensions = (int)x.dim() - 2;
                if (size is null == scale_factor is null)
                    throw new ArgumentException("interpolate needs either size or scale_factor.");
                if (align_corners is not null && mode is InterpolationMode.Nearest or InterpolationMode.Area or InterpolationMode.NearestExact)
                    throw new ArgumentException("align_corners can only be set with the modes Linear, Bilinear, Bicubic and Trilinear.");

                // A list of one counts for every dimension.
                if (size is { Length: 1 }) size = Enumerable.Repeat(size[0], dimensions).ToArray();
                if (scale_factor is { Length: 1 }) scale_factor = Enumerable.Repeat(scale_factor[0], dimensions).ToArray();
                if (scale_factor is not null && (recompute_scale_factor || mode == InterpolationMode.Area))
                {
                    size = scale_factor.Select((factor, dimension) => (long)Math.Floor(x.size(dimension + 2) * factor)).ToArray();
                    scale_factor = null;
                }

                var corners = align_corners ?? false;
                switch (mode, dimensions)
                {
                    case (InterpolationMode.Nearest, 1): return Aten.Nearest1d.Call(x, size, scale_factor);
                    case (InterpolationMode.Nearest, 2): return Aten.Nearest2d.Call(x, size, scale_factor);
                    case (InterpolationMode.Nearest, 3): return Aten.Nearest3d.Call(x, size, scale_factor);
                    case (InterpolationMode.NearestExact, 1): return Aten.NearestExact1d.Call(x, size, scale_factor);
                    case (InterpolationMode.NearestExact, 2): return Aten.NearestExact2d.Call(x, size, scale_factor);
                    case (InterpolationMode.NearestExact, 3): return Aten.NearestExact3d.Call(x, size, scale_factor);
                    case (InterpolationMode.Area, 1): return Aten.Area1d.Call(x, size);
                    case (InterpolationMode.Area, 2): return Aten.Area2d.Call(x, size);
                    case (InterpolationMode.Area, 3): return Aten.Area3d.Call(x, size);
                    case (InterpolationMode.Linear, 1): return Aten.Linear1d.Call(x, size, corners, scale_factor);
                    case (InterpolationMode.Bilinear, 2):
                        return (antialias ? Aten.BilinearAntialias2d : Aten.Bilinear2d).Call(x, size, corners, scale_factor);
                    case (InterpolationMode.Bicubic, 2):
                        return (antialias ? Aten.BicubicAntialias2d : Aten.Bicubic2d).Call(x, size, corners, scale_factor);
                    case (InterpolationMode.Trilinear, 3): return Aten.Trilinear3d.Call(x, size, corners, scale_factor);
                    default:
                        throw new ArgumentException($"interpolate cannot use the mode {mode} on an input of {x.dim()} dimensions.");
                }
            }

            public static Tensor upsample(Tensor input, long[]? size = null, double[]? scale_factor = null, UpsampleMode mode = UpsampleMode.Nearest, bool align_corners = false) =>
                interpolate(input, size, scale_factor, (InterpolationMode)mode, align_corners);
        }
    }
}

/// <summary>Looked up on first use.</summary>
file static class Aten
{
    internal static readonly Operator Nearest1d = Operator.Named("aten::upsample_nearest1d", "vec");
    internal static readonly Operator Nearest2d = Operator.Named("aten::upsample_nearest2d", "vec");
    internal static readonly Operator Nearest3d = Operator.Named("aten::upsample_nearest3d", "vec");
    internal static readonly Operator NearestExact1d = Operator.Named("aten::_upsample_nearest_exact1d", "vec");
    internal static readonly Operator NearestExact2d = Operator.Named("aten::_upsample_nearest_exact2d", "vec");
    internal static readonly Operator NearestExact3d = Operator.Named("aten::_upsample_nearest_exact3d", "vec");
    internal static readonly Operator Area1d = Operator.Named("aten::adaptive_avg_pool1d");
    internal static readonly Operator Area2d = Operator.Named("aten::adaptive_avg_pool2d");
    internal static readonly Operator Area3d = Operator.Named("aten::adaptive_avg_pool3d");
    internal static readonly Operator Linear1d = Operator.Named("aten::upsample_linear1d", "vec");
    internal static readonly Operator Bilinear2d = Operator.Named("aten::upsample_bilinear2d", "vec");
    internal static readonly Operator BilinearAntialias2d = Operator.Named("aten::_upsample_bilinear2d_aa", "vec");
    internal static readonly Operator Bicubic2d = Operator.Named("aten::upsample_bicubic2d", "vec");
    internal static readonly Operator BicubicAntialias2d = Operator.Named("aten::_upsample_bicubic2d_aa", "vec");
    internal static readonly Operator Trilinear3d = Operator.Named("aten::upsample_trilinear3d", "vec");
}
