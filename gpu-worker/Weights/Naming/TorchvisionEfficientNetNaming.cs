using System.Globalization;
using System.Text.RegularExpressions;

namespace CloudPipe.GpuWorker.Weights.Naming;

/// <summary>
/// EfficientNet B0 to B7 (<c>torchvision/models/efficientnet.py</c>): <c>features.N.M.block.I</c> for timm's
/// <c>blocks.N-1.M</c>. The first stage's blocks have no expansion, so that everything in them stands one place earlier.
/// torchvision pads as PyTorch does; timm's <c>tf_</c> networks pad as TensorFlow does and have a batch norm epsilon of 1e-3, so that
/// its weights are a start for training there, not the same function.
/// </summary>
internal static partial class TorchvisionEfficientNetNaming
{
    private const int StageCount = 7;

    /// <summary>torchvision's name of a tensor; null where it has none.</summary>
    public static string? Rename(string timmKey)
    {
        if (OuterPattern().Match(timmKey) is { Success: true } outer)
        {
            string layer = outer.Groups[1].Value switch
            {
                "conv_stem" => "features.0.0",
                "bn1" => "features.0.1",
                "conv_head" => $"features.{StageCount + 1}.0",
                "bn2" => $"features.{StageCount + 1}.1",
                _ => "classifier.1",
            };
            return $"{layer}.{outer.Groups[2]}";
        }

        if (BlockPattern().Match(timmKey) is not { Success: true } block)
            return null;

        int stage = int.Parse(block.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        string? part = stage == 0 ? PlainPart(block.Groups[3].Value) : ExpandedPart(block.Groups[3].Value);
        return part is null ? null : $"features.{stage + 1}.{block.Groups[2]}.block.{part}.{block.Groups[4]}";
    }

    // timm's DepthwiseSeparableConv.
    private static string? PlainPart(string layer) => layer switch
    {
        "conv_dw" => "0.0",
        "bn1" => "0.1",
        "se.conv_reduce" => "1.fc1",
        "se.conv_expand" => "1.fc2",
        "conv_pw" => "2.0",
        "bn2" => "2.1",
        _ => null,
    };

    // timm's InvertedResidual.
    private static string? ExpandedPart(string layer) => layer switch
    {
        "conv_pw" => "0.0",
        "bn1" => "0.1",
        "conv_dw" => "1.0",
        "bn2" => "1.1",
        "se.conv_reduce" => "2.fc1",
        "se.conv_expand" => "2.fc2",
        "conv_pwl" => "3.0",
        "bn3" => "3.1",
        _ => null,
    };

    [GeneratedRegex(@"^(conv_stem|bn1|conv_head|bn2|classifier)\.([a-z_]+)$")]
    private static partial Regex OuterPattern();

    [GeneratedRegex(@"^blocks\.([0-6])\.([0-9]+)\.(.+)\.([a-z_]+)$")]
    private static partial Regex BlockPattern();
}
