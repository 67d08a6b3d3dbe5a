using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>softmax(query key^T / sqrt(E) + mask) value. The spelling is_casual is the package's.</summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0.0, bool is_casual = false)
            {
                if (p < 0) throw new ArgumentException("Dropout probability must be greater than or equal to zero.");
                if (is_casual && attn_mask is not null) throw new ArgumentException("Casual attention masking cannot pass a mask.");

                var (output, weights) = Aten.Attention.CallPair(query, key, value, attn_mask, p, false, is_casual);
                weights.Dispose();
                return output;
            }
        }
    }
}

/// <summary>Looked up on first use.</summary>
file static class Aten
{
    internal static readonly Operator Attention = Operator.Named("aten::_scaled_dot_product_attention");
}
