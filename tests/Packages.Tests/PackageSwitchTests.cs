using System.Diagnostics;
using System.Text.Json;
using System.Xml.Linq;
using CloudPipe.Tests.Support;

namespace CloudPipe.Packages.Tests;

/// <summary>CloudPipePackages decides between stand-ins and real packages, CloudPipeTorch between libtorch for CPU and for CUDA.</summary>
public sealed class PackageSwitchTests
{
    private static readonly string[] _productProjects = ["shared/CloudPipe.Shared.csproj", "functions/CloudPipe.Functions.csproj", "gpu-worker/CloudPipe.GpuWorker.csproj", "infra/local/CloudPipe.Local.csproj"];

    private static readonly string[] _standIns = [.. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "infra", "packages")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!];

    [Fact]
    public void EveryPackageThatAProjectNamesHasAVersion()
    {
        string[] without = [.. Projects().SelectMany(project => Named(project).Where(package => PackageVersions.Of(package) is null).Select(package => $"{package} of {project}"))];

        Assert.Empty(without);
    }

    [Fact]
    public void EveryStandInStandsForAPackageThatAProjectNames()
    {
        string[] named = [.. Projects().SelectMany(Named)];

        Assert.Empty(_standIns.Except(named));
    }

    [Fact]
    public void NoProductProjectNamesAStandInByItsPath()
    {
        foreach (string project in _productProjects)
        {
            Assert.DoesNotContain(XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference"), reference => reference.Attribute("Include")!.Value.Contains("infra/packages", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("source", "cpu", "", "TorchSharp")]
    [InlineData("nuget", "cpu", "TorchSharp TorchSharp-cpu", "")]
    [InlineData("nuget", "cuda", "TorchSharp TorchSharp-cuda-linux", "")]
    public async Task TheSwitchesChooseWhereTorchComesFrom(string packages, string torch, string asPackages, string asProjects)
    {
        using JsonDocument evaluated = await EvaluateAsync("gpu-worker/CloudPipe.GpuWorker.csproj", packages, torch);

        Assert.Equal(asPackages, Items(evaluated, "PackageReference", "Identity", name => name.StartsWith("TorchSharp", StringComparison.Ordinal)));
        Assert.Equal(asProjects, Items(evaluated, "ProjectReference", "Filename", name => _standIns.Contains(name)));
    }

    [Fact]
    public async Task WithTheRealPackagesTheFunctionsNameTheirSdkAndNoStandIn()
    {
        using JsonDocument evaluated = await EvaluateAsync("functions/CloudPipe.Functions.csproj", "nuget", "cpu");

        Assert.Equal(string.Join(' ', Named("functions/CloudPipe.Functions.csproj").Order(StringComparer.Ordinal)), Items(evaluated, "PackageReference", "Identity", _ => true));
        Assert.Empty(Items(evaluated, "ProjectReference", "Filename", _standIns.Contains));
        Assert.Contains("Microsoft.Azure.Functions.Worker.Sdk", Items(evaluated, "PackageReference", "Identity", _ => true), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithTheRealPackagesBuildingTheSolutionLeavesTheStandInsOut()
    {
        using TemporaryFolder folder = new();
        string built = folder.File("built");

        (int exitCode, string output) = await RunAsync("infra/packages/FFMpegCore/FFMpegCore.csproj", "nuget", "cpu", "-t:Build", $"-p:OutputPath={built}/");

        Assert.True(exitCode == 0, output);
        Assert.False(Directory.Exists(built));
    }

    [Theory]
    [InlineData("feed", "cpu", "CloudPipePackages is 'feed': use 'source'")]
    [InlineData("nuget", "rocm", "CloudPipeTorch is 'rocm': use 'cpu'")]
    public async Task AnUnknownValueIsRefused(string packages, string torch, string expected)
    {
        (int exitCode, string output) = await RunAsync("shared/CloudPipe.Shared.csproj", packages, torch, "-t:CheckCloudPipePackages");

        Assert.NotEqual(0, exitCode);
        Assert.Contains(expected, output, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Projects() => new[] { "shared", "functions", "gpu-worker", "infra/local", "infra/packages", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Repository.Root, path));

    private static IEnumerable<string> Named(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value);

    private static string Items(JsonDocument evaluated, string kind, string metadata, Func<string, bool> wanted) => string.Join(' ', evaluated.RootElement.GetProperty("Items").GetProperty(kind).EnumerateArray()
        .Select(item => item.GetProperty(metadata).GetString()!)
        .Where(wanted)
        .Order(StringComparer.Ordinal));

    private static async Task<JsonDocument> EvaluateAsync(string project, string packages, string torch)
    {
        (int exitCode, string output) = await RunAsync(project, packages, torch, "-getItem:PackageReference", "-getItem:ProjectReference");
        Assert.True(exitCode == 0, output);
        return JsonDocument.Parse(output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string project, string packages, string torch, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["msbuild", project, "-nologo", $"-p:CloudPipePackages={packages}", $"-p:CloudPipeTorch={torch}", .. arguments])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
        };
        // The test host's own MSBuild settings are not those of a command line.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }
}
