namespace CloudPipe.GpuWorker.Models;

/// <summary>Finds what a mistyped name may have meant.</summary>
internal static class NearNames
{
    private const int Most = 3;

    /// <summary>The nearest names by edit distance (Levenshtein 1966).</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> names) =>
    [
        .. names
            .Select(candidate => (Name: candidate, Distance: EditDistance(name, candidate)))
            .Where(candidate => candidate.Distance <= Math.Max(name.Length, candidate.Name.Length) / 2)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(Most)
            .Select(candidate => candidate.Name),
    ];

    private static int EditDistance(string first, string second)
    {
        int[] previous = [.. Enumerable.Range(0, second.Length + 1)];
        int[] current = new int[second.Length + 1];
        for (int i = 1; i <= first.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int substitution = previous[j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                current[j] = Math.Min(substitution, 1 + Math.Min(previous[j], current[j - 1]));
            }

            (previous, current) = (current, previous);
        }

        return previous[second.Length];
    }
}
