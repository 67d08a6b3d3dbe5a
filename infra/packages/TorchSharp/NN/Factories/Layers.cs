using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static Parameter Parameter(Tensor data, bool requires_grad = true) => new(data, requires_grad);

        public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
            new(inputSize, outputSize, hasBias, device, dtype);

        public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);

        public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null)
        {
            var weight = new Parameter(init.normal_(empty([num_embeddings, embedding_dims])));
            var embedding = new Embedding(weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse);
            embedding.ResetPadding();
            return embedding.MoveModule<Embedding>(device, dtype);
        }

        public static Embedding Embedding_from_pretrained(Tensor embeddings, bool freeze = true, long? padding_idx = null, double? max_norm = null, double norm_type = 2.0, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
            new Embedding(new Parameter(embeddings.detach(), !freeze), padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse).MoveModule<Embedding>(device, dtype);

        public static MultiheadAttention MultiheadAttention(long embedded_dim, long num_heads, double dropout = 0.0, bool bias = true, bool add_bias_kv = false, bool add_zero_attn = false, long? kdim = null, long? vdim = null) =>
            add_bias_kv || add_zero_attn || kdim is { } keys && keys != embedded_dim || vdim is { } values && values != embedded_dim
                ? throw new NotSupportedException("MultiheadAttention without add_bias_kv, add_zero_attn and other sizes of keys and values only.")
                : new(embedded_dim, num_heads, dropout, bias);
    }
}
