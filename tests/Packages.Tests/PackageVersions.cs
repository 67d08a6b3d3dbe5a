using System.Xml.Linq;
using CloudPipe.Tests.Support;

namespace CloudPipe.Packages.Tests;

/// <summary>The versions in Directory.Packages.props that a build with the real packages takes.</summary>
internal static class PackageVersions
{
    private static readonly Dictionary<string, string> _versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
        .Descendants("PackageVersion")
        .Where(version => version.Attribute("Condition") is null or { Value: "'$(CloudPipePackages)' == 'nuget'" })
        .ToDictionary(version => version.Attribute("Include")!.Value, version => version.Attribute("Version")!.Value);

    public static string? Of(string package) => _versions.GetValueOrDefault(package);
}
