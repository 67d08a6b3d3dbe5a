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

                if (Aten.Attention.Exists)
                    return Aten.Attention.Call(query, key, value, attn_mask, p, is_casual);

                var (output, weights) = Aten.AttentionOfLibtorch1.CallPair(query, key, value, attn_mask, p, false, is_casual);
                weights.Dispose();
                return output;
            }
        }
    }
}

/// <summary>Looked up on first use.</summary>
file static class Aten
{
    internal static readonly Operator Attention = Operator.Named("aten::scaled_dot_product_attention");

    // 1.13's, which returns the weights too; 2.x renamed it.
    internal static readonly Operator AttentionOfLibtorch1 = Operator.Named("aten::_scaled_dot_product_attention");
}
