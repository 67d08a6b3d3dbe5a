using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor conv1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? dilation = null, long groups = 1) =>
                Aten.Conv1d.Call(input, weight, bias, new[] { stride ?? 1 }, new[] { padding ?? 0 }, new[] { dilation ?? 1 }, groups);

            public static Tensor conv1d_padding(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, Padding padding = Padding.Valid, long? dilation = null, long groups = 1) =>
                Aten.Conv1dPadding.Call(input, weight, bias, new[] { stride ?? 1 }, NameOf(padding), new[] { dilation ?? 1 }, groups);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Conv2d.Call(input, weight, bias, strides ?? One, padding ?? Zero, dilation ?? One, groups);

            public static Tensor conv2d_padding(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1) =>
                Aten.Conv2dPadding.Call(input, weight, bias, strides ?? One, NameOf(padding), dilation ?? One, groups);

            public static Tensor conv3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Conv3d.Call(input, weight, bias, strides ?? One, padding ?? Zero, dilation ?? One, groups);

            public static Tensor conv3d_padding(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid, long[]? dilation = null, long groups = 1) =>
                Aten.Conv3dPadding.Call(input, weight, bias, strides ?? One, NameOf(padding), dilation ?? One, groups);

            public static Tensor conv_transpose1d(Tensor input, Tensor weight, Tensor? bias = null, long? stride = null, long? padding = null, long? output_padding = null, long? dilation = null, long groups = 1) =>
                Aten.ConvTranspose1d.Call(input, weight, bias, new[] { stride ?? 1 }, new[] { padding ?? 0 }, new[] { output_padding ?? 0 }, groups, new[] { dilation ?? 1 });

            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.ConvTranspose2d.Call(input, weight, bias, strides ?? One, padding ?? Zero, output_padding ?? Zero, groups, dilation ?? One);

            public static Tensor conv_transpose3d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.ConvTranspose3d.Call(input, weight, bias, strides ?? One, padding ?? Zero, output_padding ?? Zero, groups, dilation ?? One);

            private static readonly long[] One = [1];
            private static readonly long[] Zero = [0];

            private static string NameOf(Padding padding) => padding == Padding.Same ? "same" : "valid";
        }
    }
}

/// <summary>Looked up on first use of this file's functions.</summary>
file static class Aten
{
    internal static readonly Operator Conv1d = Operator.Named("aten::conv1d");
    internal static readonly Operator Conv1dPadding = Operator.Named("aten::conv1d", "padding");
    internal static readonly Operator ConvTranspose1d = Operator.Named("aten::conv_transpose1d");
    internal static readonly Operator Conv2d = Operator.Named("aten::conv2d");
    internal static readonly Operator Conv2dPadding = Operator.Named("aten::conv2d", "padding");
    internal static readonly Operator ConvTranspose2d = Operator.Named("aten::conv_transpose2d", "input");
    internal static readonly Operator Conv3d = Operator.Named("aten::conv3d");
    internal static readonly Operator Conv3dPadding = Operator.Named("aten::conv3d", "padding");
    internal static readonly Operator ConvTranspose3d = Operator.Named("aten::conv_transpose3d", "input");
}
