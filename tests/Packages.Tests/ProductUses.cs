using CloudPipe.Packages.Tests.Metadata;
using CloudPipe.Tests.Support;

namespace CloudPipe.Packages.Tests;

/// <summary>What the built product uses of every package that has a stand-in.</summary>
public sealed class ProductUses
{
    private static readonly string[] _products = ["CloudPipe.Shared", "CloudPipe.Functions", "CloudPipe.GpuWorker", "cloudpipe"];

    // The real packages spread over more assemblies than their stand-ins.
    private static readonly Dictionary<string, string> _packageOfAssembly = new()
    {
        ["Microsoft.Azure.Functions.Worker.Core"] = "Microsoft.Azure.Functions.Worker",
        ["Microsoft.Azure.Functions.Worker.Extensions.Abstractions"] = "Microsoft.Azure.Functions.Worker",
    };

    public ProductUses()
    {
        StandIns = [.. Directory.EnumerateFiles(Path.Combine(Repository.Root, "infra", "packages"), "*.csproj", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)!];
        Dictionary<string, AssemblyFile> packages = StandIns.Concat(_packageOfAssembly.Keys).Where(name => File.Exists(PathOf(name))).ToDictionary(name => name, name => new AssemblyFile(PathOf(name)));
        Dictionary<string, AssemblyFile> products = _products.ToDictionary(name => name, name => new AssemblyFile(PathOf(name)));
        try
        {
            var used = new UsedMembers(packages, products);
            Lines = products.Values.SelectMany(used.In)
                .GroupBy(use => _packageOfAssembly.GetValueOrDefault(use.Assembly, use.Assembly), use => use.Line)
                .ToDictionary(group => group.Key, group => (IReadOnlyList<string>)[.. group.Distinct().Order(StringComparer.Ordinal)]);
        }
        finally
        {
            foreach (AssemblyFile file in packages.Values.Concat(products.Values))
            {
                file.Dispose();
            }
        }
    }

    /// <summary>The packages that have a stand-in.</summary>
    public IReadOnlyList<string> StandIns { get; }

    /// <summary>The lines of what is used, by package.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Lines { get; }

    private static string PathOf(string assembly) => Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");
}
