using System.Globalization;

namespace CloudPipe.GpuWorker.Weights.Naming;

/// <summary>
/// timm's names of a ConvNeXt's tensors in torchvision's words (<c>torchvision/models/convnext.py</c>): stem, stages and the
/// reductions between them are one list, <c>features</c>. Its <c>layer_scale</c> is <c>[C, 1, 1]</c>, timm's <c>gamma</c> <c>[C]</c>.
/// </summary>
internal static class TorchvisionConvNeXtNaming
{
    /// <summary>Renames a tensor, or a module by its path; null for what torchvision does not have.</summary>
    /// <param name="timmKey">timm's name, for example <c>stages.1.blocks.0.mlp.fc1.weight</c>.</param>
    /// <returns>torchvision's, for example <c>features.3.0.block.3.weight</c>.</returns>
    public static string? Rename(string timmKey) => timmKey.Split('.') switch
    {
        ["stem", .. string[] rest] => Path("features.0", rest),
        ["stages", string stage, "downsample", .. string[] rest] => Path($"features.{2 * Number(stage)}", rest),
        ["stages", string stage, "blocks", .. { Length: < 2 } rest] => Path($"features.{(2 * Number(stage)) + 1}", rest),
        ["stages", string stage, "blocks", string block, .. string[] rest] => Block(rest) is { } part ? $"features.{(2 * Number(stage)) + 1}.{block}.{part}" : null,
        ["head", "norm", .. string[] rest] => Path("classifier.0", rest),
        ["head", "fc", .. string[] rest] => Path("classifier.2", rest),
        _ => null,
    };

    // A block's layers are a list too, with permutations and the activation between them.
    private static string? Block(string[] timmKey) => timmKey switch
    {
        ["gamma"] => "layer_scale",
        ["conv_dw", .. string[] rest] => Path("block.0", rest),
        ["norm", .. string[] rest] => Path("block.2", rest),
        ["mlp", "fc1", .. string[] rest] => Path("block.3", rest),
        ["mlp", "fc2", .. string[] rest] => Path("block.5", rest),
        _ => null,
    };

    private static int Number(string stage) => int.Parse(stage, CultureInfo.InvariantCulture);

    private static string Path(string start, string[] rest) => string.Join('.', [start, .. rest]);
}
