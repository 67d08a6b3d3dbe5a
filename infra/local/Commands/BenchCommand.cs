using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Scoring;
using CloudPipe.GpuWorker.Scoring.Profiling;
using CloudPipe.Labels;
using CloudPipe.Local.Hosting;
using CloudPipe.Messages;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Commands;

/// <summary><c>cloudpipe bench score</c>: what networks cost on this machine.</summary>
internal static class BenchCommand
{
    public static Command Create(CommandOutput output)
    {
        var architectures = new Option<string[]>("--architecture") { Description = "A network by timm's name; may be repeated.", HelpName = "NAME" };
        var release = new Option<string?>("--release") { Description = "Every network of a release that comes with CloudPipe, at its own tile size.", HelpName = "NAME" };
        var grid = new Option<int>("--grid") { Description = "Tiles per side of a super-image.", DefaultValueFactory = _ => 3 };
        var tile = new Option<int>("--tile") { Description = "Pixels per side of a tile.", DefaultValueFactory = _ => 448 };
        var passes = new Option<int>("--passes") { Description = "Measured passes of each network; the median counts.", DefaultValueFactory = _ => 3 };
        var json = new Option<bool>("--json") { Description = "Writes the table as a JSON array." };
        var score = new Command("score", "Parameters, multiplications, time, share of the machine's matrix product and memory of each network, one super-image at a time.")
        {
            architectures, release, grid, tile, passes, json,
        };
        score.SetAction(async (parsed, cancellationToken) =>
        {
            var models = (parsed.GetValue(architectures) ?? []).Select(architecture => (Architecture: architecture, Side: parsed.GetValue(grid) * parsed.GetValue(tile))).ToList();
            if (parsed.GetValue(release) is { } name)
            {
                Release chosen = await ReadAsync(name, cancellationToken).ConfigureAwait(false);
                models.AddRange(chosen.Members.DistinctBy(member => member.Architecture).Select(member => (member.Architecture, chosen.Grid * member.TileSize)));
            }

            if (models.Count == 0 || parsed.GetValue(passes) < 1 || models.Any(model => model.Side is < 32 or > ReleaseValidator.LargestSide))
            {
                throw new CommandFailedException(ExitCode.Usage, $"Name networks with --architecture or --release, at least one pass, and super-images of 32 to {ReleaseValidator.LargestSide} pixels a side (grid times tile).");
            }

            string? unknown = models.Select(model => model.Architecture).FirstOrDefault(architecture => !ModelCatalog.Contains(architecture));
            if (unknown is not null)
            {
                throw new CommandFailedException(ExitCode.NotFound, ModelCatalog.Unknown(unknown).Message);
            }

            using IHost host = LocalServices.Build(CommandSettings.From(parsed), LogLevel.Warning);
            Run(models, host.Services.GetRequiredService<ScoringOptions>(), parsed.GetValue(passes), parsed.GetValue(json), output, cancellationToken);
            return ExitCode.Success;
        });
        return new Command("bench", "Measures this machine.") { score };
    }

    private static void Run(List<(string Architecture, int Side)> models, ScoringOptions options, int passes, bool json, CommandOutput output, CancellationToken cancellationToken)
    {
        var profiler = new MemberProfiler(options, passes);
        output.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A plain matrix product reaches {profiler.CeilingPerSecond / 1e9:0} billion multiplications with addition a second here."));
        var profiles = new List<MemberProfile>();
        foreach ((string architecture, int side) in models)
        {
            output.Error.WriteLine($"{architecture}, {side}x{side} …");
            profiles.Add(profiler.Measure(architecture, QvPipeTaxonomy.Taxonomy.Count, side, cancellationToken));
        }

        if (json)
        {
            output.WriteJson(profiles);
            return;
        }

        output.WriteTable(
            ["network", "super-image", "parameters", "GMACs", "ms per image", "images/s", "of the ceiling", "peak memory"],
            [.. profiles.Select(profile => (IReadOnlyList<string>)
            [
                profile.Architecture,
                $"{profile.SuperImageSide}",
                string.Create(CultureInfo.InvariantCulture, $"{profile.Parameters / 1e6:0.0} M"),
                string.Create(CultureInfo.InvariantCulture, $"{profile.MultiplyAccumulates / 1e9:0.0}"),
                string.Create(CultureInfo.InvariantCulture, $"{profile.SecondsPerImage * 1000:0}"),
                string.Create(CultureInfo.InvariantCulture, $"{1 / profile.SecondsPerImage:0.000}"),
                string.Create(CultureInfo.InvariantCulture, $"{profile.CeilingShare * 100:0} %"),
                profile.PeakBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB") : "",
            ])]);
    }

    private static async Task<Release> ReadAsync(string name, CancellationToken cancellationToken)
    {
        string file = Path.Combine(ReleasePublisher.Folder, $"{name}.json");
        if (!ReleaseValidator.IsName(name) || !File.Exists(file))
        {
            string[] known = [.. Directory.EnumerateFiles(ReleasePublisher.Folder, "*.json").Select(known => Path.GetFileNameWithoutExtension(known)).Order(StringComparer.Ordinal)];
            throw new CommandFailedException(ExitCode.NotFound, $"No release '{name}' comes with CloudPipe; these do: {string.Join(", ", known)}.");
        }

        return JsonSerializer.Deserialize<Release>(await File.ReadAllBytesAsync(file, cancellationToken).ConfigureAwait(false), CloudPipeJson.Options)!;
    }
}
