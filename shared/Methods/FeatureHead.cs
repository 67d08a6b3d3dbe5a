namespace CloudPipe.Methods;

/// <summary>The size of the transformer that reads the features of a video's clips.</summary>
/// <param name="Layers">How many blocks of attention and multilayer perceptron follow one another.</param>
/// <param name="AttentionHeads">Into how many parts attention divides the width.</param>
/// <param name="Width">Channels of a token; a multiple of the attention heads.</param>
public sealed record FeatureHead(int Layers, int AttentionHeads, int Width)
{
    /// <summary>Checks the numbers.</summary>
    /// <returns>One fault a number that is out of its range: its name, its value and the range.</returns>
    public IEnumerable<string> Faults()
    {
        if (Layers is < 1 or > 24)
            yield return $"layers is {Layers}; it must be 1 to 24.";
        if (AttentionHeads is < 1 or > 64)
            yield return $"attentionHeads is {AttentionHeads}; it must be 1 to 64.";
        if (Width is < 8 or > 4096 || Width % Math.Max(1, AttentionHeads) != 0)
            yield return $"width is {Width}; it must be 8 to 4096 and a multiple of attentionHeads.";
    }
}
