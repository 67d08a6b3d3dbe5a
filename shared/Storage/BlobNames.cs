using System.Text;

namespace CloudPipe.Storage;

/// <summary>What may be the name of a container and of a blob, in every store: what Azure Blob Storage allows.</summary>
internal static class BlobNames
{
    private const int LongestName = 1024; // characters

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

    /// <summary>Whether a name is valid Unicode.</summary>
    public static bool IsWellFormed(string name)
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
