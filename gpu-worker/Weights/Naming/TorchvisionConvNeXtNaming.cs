using System.Globalization;
using System.Text.RegularExpressions;

namespace CloudPipe.GpuWorker.Weights.Naming;

/// <summary>
/// ConvNeXt: torchvision keeps stem, stages and the reductions between them in one list, <c>features</c>
/// (<c>torchvision/models/convnext.py</c>). Its <c>layer_scale</c> is <c>[C, 1, 1]</c>, timm's <c>gamma</c> <c>[C]</c>.
/// </summary>
internal static partial class TorchvisionConvNeXtNaming
{
    /// <summary>torchvision's name of a tensor; null where it has none.</summary>
    public static string? Rename(string timmKey)
    {
        if (StemPattern().Match(timmKey) is { Success: true } stem)
            return $"features.0.{stem.Groups[1]}.{stem.Groups[2]}";

        if (HeadPattern().Match(timmKey) is { Success: true } head)
            return $"classifier.{(head.Groups[1].Value == "norm" ? 0 : 2)}.{head.Groups[2]}";

        if (DownsamplePattern().Match(timmKey) is { Success: true } downsample)
            return $"features.{2 * Number(downsample.Groups[1])}.{downsample.Groups[2]}.{downsample.Groups[3]}";

        if (BlockPattern().Match(timmKey) is not { Success: true } block)
            return null;

        string? part = block.Groups[3].Value switch
        {
            "gamma" => "layer_scale",
            "conv_dw.weight" => "block.0.weight",
            "conv_dw.bias" => "block.0.bias",
            "norm.weight" => "block.2.weight",
            "norm.bias" => "block.2.bias",
            "mlp.fc1.weight" => "block.3.weight",
            "mlp.fc1.bias" => "block.3.bias",
            "mlp.fc2.weight" => "block.5.weight",
            "mlp.fc2.bias" => "block.5.bias",
            _ => null,
        };
        return part is null ? null : $"features.{(2 * Number(block.Groups[1])) + 1}.{block.Groups[2]}.{part}";
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^stem\.([01])\.(weight|bias)$")]
    private static partial Regex StemPattern();

    [GeneratedRegex(@"^head\.(norm|fc)\.(weight|bias)$")]
    private static partial Regex HeadPattern();

    [GeneratedRegex(@"^stages\.([0-9])\.downsample\.([01])\.(weight|bias)$")]
    private static partial Regex DownsamplePattern();

    [GeneratedRegex(@"^stages\.([0-9])\.blocks\.([0-9]+)\.(.+)$")]
    private static partial Regex BlockPattern();
}
