using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                (inplace ? Aten.DropoutInPlace : Aten.Dropout).Call(input, p, training);

            public static Tensor dropout2d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                (inplace ? Aten.FeatureDropoutInPlace : Aten.FeatureDropout).Call(input, p, training);

            public static Tensor dropout3d(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                (inplace ? Aten.FeatureDropoutInPlace : Aten.FeatureDropout).Call(input, p, training);

            public static Tensor alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                (inplace ? Aten.AlphaDropoutInPlace : Aten.AlphaDropout).Call(input, p, training);

            public static Tensor feature_alpha_dropout(Tensor input, double p = 0.5, bool training = false, bool inplace = false) =>
                (inplace ? Aten.FeatureAlphaDropoutInPlace : Aten.FeatureAlphaDropout).Call(input, p, training);

            public static Tensor dropout1d(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
            {
                using var plane = Aten.Unsqueeze.Call(input, -1L);
                using var dropped = dropout2d(plane, p, training, inplace);
                return Aten.Squeeze.Call(dropped, -1L);
            }
        }
    }
}

/// <summary>Looked up on first use of this file's functions.</summary>
file static class Aten
{
    internal static readonly Operator Dropout = Operator.Named("aten::dropout");
    internal static readonly Operator DropoutInPlace = Operator.Named("aten::dropout_");
    internal static readonly Operator FeatureDropout = Operator.Named("aten::feature_dropout");
    internal static readonly Operator FeatureDropoutInPlace = Operator.Named("aten::feature_dropout_");
    internal static readonly Operator AlphaDropout = Operator.Named("aten::alpha_dropout");
    internal static readonly Operator AlphaDropoutInPlace = Operator.Named("aten::alpha_dropout_");
    internal static readonly Operator FeatureAlphaDropout = Operator.Named("aten::feature_alpha_dropout");
    internal static readonly Operator FeatureAlphaDropoutInPlace = Operator.Named("aten::feature_alpha_dropout_");
    internal static readonly Operator Unsqueeze = Operator.Named("aten::unsqueeze");
    internal static readonly Operator Squeeze = Operator.Named("aten::squeeze", "dim");
}
