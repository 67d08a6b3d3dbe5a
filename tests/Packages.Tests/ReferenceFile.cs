using CloudPipe.Tests.Support;

namespace CloudPipe.Packages.Tests;

/// <summary>What was found in the real package, a line each, below comments that say where.</summary>
internal static class ReferenceFile
{
    private static string Folder { get; } = Path.Combine(Repository.Root, "tests", "Packages.Tests", "References");

    /// <summary>The packages that have a file.</summary>
    public static IEnumerable<string> Packages => Directory.EnumerateFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!;

    /// <summary>The file's path within the repository.</summary>
    public static string PathOf(string package) => $"tests/Packages.Tests/References/{package}.txt";

    /// <summary>The lines that are no comments, or none when there is no file.</summary>
    public static IReadOnlyList<string> Read(string package) =>
        File.Exists(Path.Combine(Folder, $"{package}.txt")) ? [.. AllLines(package).Where(line => line.Length > 0 && line[0] != '#')] : [];

    /// <summary>The comments.</summary>
    public static IReadOnlyList<string> Comments(string package) => [.. AllLines(package).Where(line => line.Length > 0 && line[0] == '#')];

    private static string[] AllLines(string package) => File.ReadAllLines(Path.Combine(Folder, $"{package}.txt"));
}
