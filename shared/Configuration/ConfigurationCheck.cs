using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace CloudPipe.Configuration;

/// <summary>Finds configuration keys that nobody reads: a misspelt key must not be silently without effect.</summary>
public static class ConfigurationCheck
{
    /// <summary>Compares what is configured with what is known.</summary>
    /// <param name="configuration">The whole configuration; only its <c>CloudPipe</c> section is looked at.</param>
    /// <param name="sections">Every section that something reads.</param>
    /// <returns>One sentence per unknown key, naming the nearest known one; empty when all is well.</returns>
    public static IReadOnlyList<string> FindUnknownKeys(IConfiguration configuration, IEnumerable<OptionsSection> sections)
    {
        IReadOnlyList<ConfigurationKey> known = ConfigurationKey.Of(sections);
        Regex[] patterns = [.. known.Select(key => PatternOf(key.Path))];
        return
        [
            .. configuration.GetSection(OptionsSection.Root).AsEnumerable()
                .Where(pair => pair.Value is not null && pair.Key.Contains(':', StringComparison.Ordinal))
                .Select(pair => pair.Key)
                .Where(key => !patterns.Any(pattern => pattern.IsMatch(key)))
                .Order(StringComparer.OrdinalIgnoreCase)
                .Select(key => $"Unknown key '{key}'. Did you mean '{Nearest(key, known)}'? Every key is listed by 'cloudpipe config'."),
        ];
    }

    private static Regex PatternOf(string path) =>
        new($"^{Regex.Escape(path).Replace("\\*", "[^:]+", StringComparison.Ordinal)}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static string Nearest(string key, IReadOnlyList<ConfigurationKey> known) =>
        known.MinBy(candidate => EditDistance(key.ToUpperInvariant(), candidate.Path.ToUpperInvariant()))?.Path ?? OptionsSection.Root;

    /// <summary>Levenshtein's distance, one row at a time.</summary>
    private static int EditDistance(string left, string right)
    {
        int[] previous = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int[] current = new int[right.Length + 1];
            current[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int substitution = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, Math.Min(previous[j], current[j - 1]) + 1);
            }

            previous = current;
        }

        return previous[^1];
    }
}
