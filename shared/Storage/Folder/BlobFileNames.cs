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

    private const int LongestName = 1024; // characters, as in Azure Blob Storage
    private const int LongestComponent = 255; // bytes, NAME_MAX of every Linux file system
    private const int LongestChunk = 200; // bytes
    private const int LongestPlainName = 2000; // bytes: leaves room for the root below PATH_MAX, 4096
    private const char Continues = '+';

    /// <summary>Refuses what no store can hold.</summary>
    /// <exception cref="ArgumentException">The container or the name cannot be one.</exception>
    public static void Check(BlobPath path)
    {
        CheckContainer(path.Container);
        if (string.IsNullOrEmpty(path.Name) || path.Name.Length > LongestName)
        {
            throw new ArgumentException($"A blob name has 1 to {LongestName} characters; one in container '{path.Container}' has {path.Name?.Length ?? 0}.", nameof(path));
        }

        if (!IsWellFormed(path.Name))
        {
            throw new ArgumentException($"A blob name in container '{path.Container}' is no valid Unicode: it holds half a surrogate pair.", nameof(path));
        }
    }

    /// <summary>Refuses container names that Azure would refuse, so that no name leaves the root.</summary>
    /// <exception cref="ArgumentException">The name cannot be a container's.</exception>
    public static void CheckContainer(string container)
    {
        bool valid = container is { Length: >= 3 and <= 63 }
            && container.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character == '-')
            && container[0] != '-' && container[^1] != '-' && !container.Contains("--", StringComparison.Ordinal);
        if (!valid)
        {
            throw new ArgumentException($"'{container}' cannot be a container: 3 to 63 lower-case letters, digits and single hyphens.", nameof(container));
        }
    }

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

    private static bool IsWellFormed(string name)
    {
        for (int index = 0; index < name.Length; index++)
        {
            if (char.IsSurrogate(name[index]) && !Rune.TryGetRuneAt(name, index++, out _))
            {
                return false;
            }
        }

        return true;
    }
}
