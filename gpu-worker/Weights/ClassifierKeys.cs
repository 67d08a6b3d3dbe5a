namespace CloudPipe.GpuWorker.Weights;

/// <summary>Knows a network's classifier by its keys.</summary>
internal static class ClassifierKeys
{
    // timm's, torchvision's and ML-Decoder's networks alike name it so, at the top.
    private static readonly string[] Prefixes = ["head.", "fc.", "classifier."];

    /// <summary>Whether a key of a network belongs to what turns features into logits.</summary>
    public static bool Contains(string key) => Prefixes.Any(prefix => key.StartsWith(prefix, StringComparison.Ordinal));
}
