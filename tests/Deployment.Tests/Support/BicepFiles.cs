using System.Diagnostics;
using System.Text.Json;
using CloudPipe.Tests.Support;

namespace CloudPipe.Deployment.Tests.Support;

/// <summary>Every bicep file of the repository, read once.</summary>
internal static class BicepFiles
{
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, MaxDepth = 512 };

    private static readonly Lazy<IReadOnlyList<BicepFile>> _all = new(ReadAll);

    public static IReadOnlyList<BicepFile> All => _all.Value;

    /// <summary>The modules and the files that put them together, without those of parameters.</summary>
    public static IEnumerable<BicepFile> Templates => All.Where(file => !file.IsParameters);

    public static BicepFile Main => At("bicep/main.bicep");

    public static BicepFile Events => At("bicep/events.bicep");

    public static BicepFile Names => At("bicep/names.bicep");

    /// <summary>Finds a file.</summary>
    /// <param name="path">Its path below the repository.</param>
    public static BicepFile At(string path) =>
        All.SingleOrDefault(file => file.Path == path) ?? throw new InvalidOperationException($"There is no {path} among the bicep files.");

    public static BicepFile Module(string name) => At($"bicep/modules/{name}.bicep");

    /// <summary>Parses a file that is none of the repository's.</summary>
    public static BicepFile Parse(string path) => Read([path])[0];

    private static IReadOnlyList<BicepFile> ReadAll() => Read(
        [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "bicep"), "*.bicep*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)]);

    private static IReadOnlyList<BicepFile> Read(string[] files)
    {
        string folder = Path.Combine(Repository.Root, "infra/bicep-parser");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            throw new InvalidOperationException("The parser of bicep files is not installed. Run 'make setup', or 'npm ci --prefix infra/bicep-parser'.");
        }

        using Process process = Process.Start(new ProcessStartInfo("node", [Path.Combine(folder, "parse.js"), .. files]) { RedirectStandardOutput = true })!;
        Dictionary<string, BicepNode> trees = JsonSerializer.Deserialize<Dictionary<string, BicepNode>>(process.StandardOutput.BaseStream, _options)!;
        process.WaitForExit();
        return [.. trees.Select(tree => new BicepFile(Path.GetRelativePath(Repository.Root, tree.Key), tree.Value))];
    }
}
