using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Models.Layers;
using CloudPipe.GpuWorker.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>
/// Where each parameter lies between pixels and logits, as timm's group matchers count: the stem is layer 0, then each block is
/// a layer, and the classifier is the last. What leads into a stage counts to its first block, what follows the last block to it.
/// </summary>
internal static class LayerDepth
{
    /// <summary>Each parameter's layer, by its key.</summary>
    public static IReadOnlyDictionary<string, int> Of(nn.Module network)
    {
        string[] keys = [.. NetworkState.Of(network).Select(entry => entry.Key)];
        HashSet<string> blocks = [.. network.named_modules()
            .Where(entry => entry.module is BlockSequence)
            .SelectMany(entry => entry.module.named_children().Select(child => $"{entry.name}.{child.name}"))];
        string?[] blockOfKey = [.. keys.Select(key => BlockOf(key, blocks))];
        int blockCount = blockOfKey.OfType<string>().Distinct().Count();

        var layers = new Dictionary<string, int>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < keys.Length; i++)
        {
            if (blockOfKey[i] is { } block)
                seen.Add(block);

            layers[keys[i]] = blockOfKey[i] is not null ? seen.Count
                : ClassifierKeys.Contains(keys[i]) ? blockCount + 1
                : seen.Count == 0 ? 0
                : Math.Min(seen.Count + 1, blockCount);
        }

        return layers;
    }

    private static string? BlockOf(string key, HashSet<string> blocks)
    {
        for (int dot = key.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = key.IndexOf('.', dot + 1))
        {
            if (blocks.Contains(key[..dot]))
                return key[..dot];
        }

        return null;
    }
}
