using TorchSharp.Operators;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp.Modules;

public sealed class Embedding : nn.Module<Tensor, Tensor>
{
    private readonly long? _padding;
    private readonly double? _largestNorm;
    private readonly double _normType;
    private readonly bool _scaleByFrequency;
    private readonly bool _sparse;
    [ComponentName(Name = nameof(weight))]
    private Parameter? _weight;

    internal Embedding(Parameter weight, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse)
        : base(nameof(Embedding))
    {
        var rows = weight.size(0);
        if (padding_idx is { } index && (index >= rows || index < -rows))
            throw new ArgumentException("Padding_idx must be within num_embeddings");
        _padding = padding_idx < 0 ? padding_idx + rows : padding_idx;
        _largestNorm = max_norm;
        _normType = norm_type;
        _scaleByFrequency = scale_grad_by_freq;
        _sparse = sparse;
        this.weight = weight;
    }

    public Parameter? weight
    {
        get => _weight;
        set => Assign(ref _weight, value ?? throw new ArgumentNullException(nameof(weight)), nameof(weight));
    }

    /// <summary>The row of the padding index is zero at first, and gets no gradient.</summary>
    internal void ResetPadding()
    {
        if (_padding is not { } row) return;
        using var _ = no_grad();
        using var entry = _weight!.select(0, row);
        entry.zero_();
    }

    public override Tensor forward(Tensor input)
    {
        if (_largestNorm is { } norm)
        {
            using var _ = no_grad();
            Aten.Renormalize.Invoke(_weight, input, norm, _normType);
        }

        return Aten.Embedding.Call(_weight, input, _padding ?? -1, _scaleByFrequency, _sparse);
    }
}

file static class Aten
{
    internal static readonly Operator Embedding = Operator.Named("aten::embedding");
    internal static readonly Operator Renormalize = Operator.Named("aten::embedding_renorm_");
}
