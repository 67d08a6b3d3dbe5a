using System.Text.RegularExpressions;

namespace CloudPipe.Local.Triggers;

/// <summary>A blob trigger's path, for example <c>inspections/{name}</c>: a container and a pattern for names in it.</summary>
public sealed class BlobPathPattern
{
    private readonly Regex _name;

    private BlobPathPattern(string container, Regex name) => (Container, _name) = (container, name);

    /// <summary>The container that is watched.</summary>
    public string Container { get; }

    /// <summary>Reads a path.</summary>
    /// <param name="path">A container, a slash, and a name in which <c>{word}</c> stands for any text.</param>
    /// <returns>The pattern.</returns>
    /// <exception cref="FormatException">It has no container or no name.</exception>
    public static BlobPathPattern Parse(string path)
    {
        int slash = path.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == path.Length - 1)
        {
            throw new FormatException($"'{path}' is no blob trigger's path; write CONTAINER/NAME, for example inspections/{{name}}.");
        }

        string pattern = Regex.Replace(Regex.Escape(path[(slash + 1)..]), @"\\\{(\w+)}", "(?<$1>.+)");
        return new BlobPathPattern(path[..slash], new Regex($"^{pattern}$", RegexOptions.Singleline | RegexOptions.CultureInvariant));
    }

    /// <summary>Compares a blob's name with the pattern.</summary>
    /// <param name="name">The name inside the container.</param>
    /// <returns>What each <c>{word}</c> stands for, or <see langword="null"/> when the name does not fit.</returns>
    public IReadOnlyDictionary<string, string>? Match(string name)
    {
        Match match = _name.Match(name);
        return match.Success
            ? match.Groups.Values.Where(group => !char.IsAsciiDigit(group.Name[0])).ToDictionary(group => group.Name, group => group.Value)
            : null;
    }
}
