namespace CloudPipe.GpuWorker.Weights.Naming;

/// <summary>
/// ML-Decoder's authors (https://github.com/Alibaba-MIIL/ML_Decoder) keep the whole head below <c>decoder</c>, where timm has
/// only its transformer layers.
/// </summary>
internal static class MlDecoderNaming
{
    private static readonly string[] Moved = ["duplicate_pooling", "duplicate_pooling_bias", "embed_standart.weight", "embed_standart.bias", "query_embed.weight"];

    /// <summary>The authors' name of a tensor; null where it is timm's too.</summary>
    public static string? ToMiil(string timmKey) =>
        Moved.FirstOrDefault(name => timmKey == name || timmKey.EndsWith($".{name}", StringComparison.Ordinal)) is { } moved
            ? $"{timmKey[..^moved.Length]}decoder.{moved}"
            : null;
}
