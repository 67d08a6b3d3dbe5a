namespace CloudPipe.GpuWorker.Weights.Naming;

/// <summary>Translates the names of tensors between those who publish weights.</summary>
internal static class KeyNaming
{
    // Computed from the architecture; old files carry them, and timm leaves them out too.
    private static readonly string[] DerivedSuffixes = [".relative_position_index", ".attn_mask"];

    /// <summary>torchvision's name of a tensor; null where torchvision has no such network or tensor.</summary>
    /// <param name="architecture">The catalog name.</param>
    /// <param name="timmKey">timm's name of the tensor.</param>
    public static string? ToTorchvision(string architecture, string timmKey) => architecture switch
    {
        _ when architecture.StartsWith("torchvision_swin_", StringComparison.Ordinal) => TorchvisionSwinNaming.Rename(timmKey),
        _ when architecture.StartsWith("convnext_", StringComparison.Ordinal) => TorchvisionConvNeXtNaming.Rename(timmKey),
        _ when architecture.StartsWith("efficientnet_b", StringComparison.Ordinal) || architecture.StartsWith("tf_efficientnet_b", StringComparison.Ordinal) =>
            TorchvisionEfficientNetNaming.Rename(timmKey),
        _ when architecture.StartsWith("resnet", StringComparison.Ordinal) => timmKey, // torchvision's own names
        _ => null,
    };

    /// <summary>Whether a file's tensor is computed from the architecture, so that no network needs it.</summary>
    public static bool IsDerived(string key) => DerivedSuffixes.Any(suffix => key.EndsWith(suffix, StringComparison.Ordinal));
}
