using System.Globalization;

namespace CloudPipe.GpuWorker.Weights.Naming;

/// <summary>timm's names of a Swin Transformer's tensors in torchvision's words (<c>torchvision/models/swin_transformer.py</c>).</summary>
internal static class TorchvisionSwinNaming
{
    /// <summary>Renames a tensor, or a module by its path; null for what torchvision does not have.</summary>
    /// <param name="timmKey">timm's name, for example <c>layers.1.blocks.0.mlp.fc1.weight</c>.</param>
    /// <returns>torchvision's, for example <c>features.3.0.mlp.0.weight</c>.</returns>
    public static string? Rename(string timmKey) => timmKey.Split('.') switch
    {
        // Its features are a sequence: patches, blocks, merging, blocks …, and so are an MLP's layers, with activation and dropout.
        ["patch_embed"] => "features.0",
        ["patch_embed", "proj", .. string[] rest] => Path("features.0.0", rest),
        ["patch_embed", "norm", .. string[] rest] => Path("features.0.2", rest),
        ["layers", string stage, "downsample", .. string[] rest] => Path($"features.{2 * Number(stage)}", rest),
        ["layers", string stage, "blocks", string block, "mlp", "fc1", .. string[] rest] => Path($"features.{(2 * Number(stage)) + 1}.{block}.mlp.0", rest),
        ["layers", string stage, "blocks", string block, "mlp", "fc2", .. string[] rest] => Path($"features.{(2 * Number(stage)) + 1}.{block}.mlp.3", rest),
        ["layers", string stage, "blocks", .. string[] rest] => Path($"features.{(2 * Number(stage)) + 1}", rest),
        ["norm", ..] => timmKey,
        ["head", "fc", .. string[] rest] => Path("head", rest),
        _ => null,
    };

    private static int Number(string stage) => int.Parse(stage, CultureInfo.InvariantCulture);

    private static string Path(string start, string[] rest) => string.Join('.', [start, .. rest]);
}
