namespace CloudPipe.Datasets;

/// <summary>Tells images by their names.</summary>
internal static class StillImage
{
    private static readonly string[] _extensions = [".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"];

    /// <summary>Whether a name ends in an image's extension.</summary>
    public static bool IsImage(string file) => _extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase);
}
