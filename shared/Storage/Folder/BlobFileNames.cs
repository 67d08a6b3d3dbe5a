using System.Globalization;
using System.Text;

namespace CloudPipe.Storage.Folder;

/// <summary>
/// Blob names to file names and back. A name whose parts any file system takes is its own relative path, so that a
/// person finds the file. Any other name is percent-encoded, cut into parts that a file system takes, and kept in the
/// container's <see cref="Reserved"/> folder; cutting instead of hashing lets a listing read the name back.
/// </summary>
internal static class BlobFileNames
{
    /// <summary>The store's own folder in every container: no blob of this name is kept as a plain path.</summary>
    public const string Reserved = ".cloudpipe";

    private const int LongestComponent = 255; // bytes, NAME_MAX of every Linux file system
    private const int LongestChunk = 200; // bytes
    private const int LongestPlainName = 2000; // bytes: leaves room for the root below PATH_MAX, 4096
    private const char Continues = '+';

    /// <summary>Whether a file of this relative path can exist: then one dropped by hand is a blob of this name.</summary>
    public static bool IsRepresentable(string name)
    {
        string[] components = name.Split('/');
        return components[0] != Reserved
            && Encoding.UTF8.GetByteCount(name) <= LongestPlainName
            && components.All(component => component is not ("" or "." or "..")
                && !component.Contains('\0')
                && Encoding.UTF8.GetByteCount(component) <= LongestComponent);
    }

    /// <summary>Whether the store itself writes this name as a plain path.</summary>
    public static bool IsSafe(string name) =>
        IsRepresentable(name) && !name.Any(character => char.IsControl(character) || character == '\\');

    /// <summary>The relative path, inside the folder of encoded names, of a name that is not safe.</summary>
    public static string Encode(string name)
    {
        var path = new StringBuilder();
        int chunkLength = 0;
        foreach (Rune rune in name.EnumerateRunes())
        {
            string text = IsKept(rune) ? rune.ToString() : PercentEncode(rune);
            int length = Encoding.UTF8.GetByteCount(text);
            if (chunkLength + length > LongestChunk)
            {
                path.Append(Continues).Append('/');
                chunkLength = 0;
            }

            path.Append(text);
            chunkLength += length;
        }

        return path.ToString();
    }

    /// <summary>The name that <see cref="Encode"/> made a path of.</summary>
    public static string Decode(string relativePath) =>
        Uri.UnescapeDataString(relativePath.Replace($"{Continues}/", string.Empty, StringComparison.Ordinal));

    private static bool IsKept(Rune rune) => !Rune.IsControl(rune) && rune.Value is not ('/' or '\\' or '.' or '%' or Continues);

    private static string PercentEncode(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        int length = rune.EncodeToUtf8(bytes);
        var text = new StringBuilder();
        foreach (byte value in bytes[..length])
        {
            text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return text.ToString();
    }
}
