namespace CloudPipe.Inspections;

/// <summary>Tells which blobs of the inspections container are videos by their names; sidecars and all else are not.</summary>
public static class UploadFilter
{
    private static readonly HashSet<string> _extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".3gp", ".asf", ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".ts", ".vob", ".webm", ".wmv",
    };

    /// <summary>The extensions that count as videos, lower case, in ordinal order.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [.. _extensions.Order(StringComparer.Ordinal)];

    /// <summary>Whether a blob is to be ingested.</summary>
    /// <param name="blobName">Its name in the inspections container.</param>
    /// <returns>Whether the name ends in an extension of a video and its last part is not hidden (begins with no dot).</returns>
    public static bool IsVideo(string blobName)
    {
        string file = blobName[(blobName.LastIndexOf('/') + 1)..];
        int dot = file.LastIndexOf('.');
        return dot > 0 && file[0] != '.' && _extensions.Contains(file[dot..]);
    }
}
