using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Reflect => Aten.Pad.Call(input, pad, "reflect"),
                PaddingModes.Replicate => Aten.Pad.Call(input, pad, "replicate"),
                PaddingModes.Circular => Aten.Pad.Call(input, pad, "circular"),
                _ => Aten.Pad.Call(input, pad, "constant", value),
            };

            public static Tensor pad(Tensor input, ReadOnlySpan<long> pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                nn.functional.pad(input, pad.ToArray(), mode, value);

            public static Tensor pad(Tensor input, (long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                nn.functional.pad(input, new[] { pad.Item1, pad.Item2 }, mode, value);

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                nn.functional.pad(input, new[] { pad.Item1, pad.Item2, pad.Item3, pad.Item4 }, mode, value);

            public static Tensor pad(Tensor input, long pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                nn.functional.pad(input, Enumerable.Repeat(pad, (int)input.dim() * 2).ToArray(), mode, value);

            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
            {
                // ATen counts bilinear 0, nearest 1 and zeros 0, border 1, reflection 2.
                var interpolation = mode == GridSampleMode.Nearest ? 1 : 0;
                var padding = padding_mode switch { GridSamplePaddingMode.Zeros => 0, GridSamplePaddingMode.Border => 1, _ => 2 };
                return Aten.GridSampler.Call(input, grid, interpolation, padding, align_corners ?? false);
            }

            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) =>
                Aten.AffineGrid.Call(theta, size ?? [], align_corners);

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Aten.PixelShuffle.Call(input, upscale_factor);

            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) => Aten.PixelUnshuffle.Call(input, downscale_factor);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => x.dtype != ScalarType.Int64
                ? throw new ArgumentException("OneHot input tensor must have elements of type Int64")
                : Aten.OneHot.Call(x, num_classes);

            public static Tensor fold(Tensor input, long output_size, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                fold(input, (output_size, output_size), (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor fold(Tensor input, (long, long) output_size, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                Aten.Fold.Call(input, Sizes(output_size), Sizes(kernel_size), Sizes(dilation ?? (1, 1)), Sizes(padding ?? (0, 0)), Sizes(stride ?? (1, 1)));

            public static Tensor unfold(Tensor input, long kernel_size, long dilation = 1, long padding = 0, long stride = 1) =>
                unfold(input, (kernel_size, kernel_size), (dilation, dilation), (padding, padding), (stride, stride));

            public static Tensor unfold(Tensor input, (long, long) kernel_size, (long, long)? dilation = null, (long, long)? padding = null, (long, long)? stride = null) =>
                Aten.Unfold.Call(input, Sizes(kernel_size), Sizes(dilation ?? (1, 1)), Sizes(padding ?? (0, 0)), Sizes(stride ?? (1, 1)));
        }
    }
}

/// <summary>Looked up on first use.</summary>
file static class Aten
{
    internal static readonly Operator Pad = Operator.Named("aten::pad");
    internal static readonly Operator GridSampler = Operator.Named("aten::grid_sampler");
    internal static readonly Operator AffineGrid = Operator.Named("aten::affine_grid_generator");
    internal static readonly Operator PixelShuffle = Operator.Named("aten::pixel_shuffle");
    internal static readonly Operator PixelUnshuffle = Operator.Named("aten::pixel_unshuffle");
    internal static readonly Operator OneHot = Operator.Named("aten::one_hot");
    internal static readonly Operator Fold = Operator.Named("aten::col2im");
    internal static readonly Operator Unfold = Operator.Named("aten::im2col");
}
