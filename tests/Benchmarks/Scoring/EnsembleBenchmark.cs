using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Hosting;
using CloudPipe.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>
/// The papers' seven image networks, one fold each, score a video end to end: through the host, at super-images of 1344 and
/// 1152 pixels, on weights that a formula fills. Takes minutes, 14 GB of disk and some 16 GB of memory.
/// </summary>
internal static class EnsembleBenchmark
{
    private const string ReleaseName = "seven";

    // The factor is that of the reference files, which keeps deep networks' signals alive.
    private static readonly (string Architecture, double Weight, int TileSize, double Gain)[] _models =
    [
        ("tresnet_xl+ml_decoder", 0.1, 448, 1.25),
        ("convnext_base", 0.1, 448, 1),
        ("dm_nfnet_f3", 0.15, 448, 1),
        ("dm_nfnet_f6", 0.1, 384, 1),
        ("ecaresnet269d", 0.15, 448, 1.15),
        ("swin_large_patch4_window12_384", 0.2, 448, 1),
        ("tf_efficientnet_l2", 0.2, 448, 1.35),
    ];

    /// <summary>The papers' networks, and the tiles that they look at.</summary>
    public static IEnumerable<(string Architecture, int TileSize)> Networks => _models.Select(model => (model.Architecture, model.TileSize));

    /// <summary>Runs it.</summary>
    /// <param name="args">The video, by default the street scene that <c>make demo</c> gathers.</param>
    /// <returns>0 when the video has a completed result, 1 when not, 2 when there is no such video.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        string video = args.FirstOrDefault() ?? Path.Combine(".setup", "demo", "VID_20191220_170832.mp4");
        if (!File.Exists(video))
        {
            await Console.Error.WriteLineAsync($"bench: there is no '{video}': run 'make demo' first, or name a video.");
            return 2;
        }

        DirectoryInfo folder = Directory.CreateTempSubdirectory("cloudpipe-ensemble-");
        try
        {
            string bucket = folder.CreateSubdirectory("bucket").FullName;
            await PublishAsync(bucket);
            var settings = new CommandSettings(bucket,
            [
                new("CloudPipe:Inspections:DefaultRelease", ReleaseName),
                new("CloudPipe:Scoring:CacheFolder", Path.Combine(folder.FullName, "cache")),
            ]);
            using IHost host = LocalServices.Build(settings, LogLevel.Warning);
            await host.StartAsync();
            InspectionResult result = await ScoreAsync(bucket, video);
            await host.StopAsync();
            using Process process = Process.GetCurrentProcess();
            string labels = string.Join(", ", result.Labels.OrderByDescending(label => label.Probability).Take(3).Select(label => string.Create(CultureInfo.InvariantCulture, $"{label.Code} {label.Probability:0.000}")));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(video)}: {result.Status}, {result.Segments.Count} segments, {labels}; {result.SecondsFromUpload:0} s from upload to result, {process.PeakWorkingSet64 / 1e9:0.0} GB of memory at most"));
            return result.Status == InspectionStatus.Completed ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task PublishAsync(string bucket)
    {
        string releases = Directory.CreateDirectory(Path.Combine(bucket, BlobContainers.Releases)).FullName;
        Directory.CreateDirectory(Path.Combine(releases, ReleaseName));
        var members = new List<Member>();
        foreach ((string architecture, double weight, int tileSize, double gain) in _models)
        {
            Console.WriteLine($"filling {architecture}");
            var member = new Member(architecture, 0, $"{ReleaseName}/{architecture}-fold0.safetensors", tileSize, weight);
            using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(QvPipeTaxonomy.Taxonomy.Count, DrawWeights: false));
            FormulaFill.Network(network, Rule(gain));
            SafetensorsWriter.Write(Path.Combine(releases, member.Weights), NetworkState.Of(network));
            members.Add(member);
        }

        var release = new Release(ReleaseName, QvPipeTaxonomy.Taxonomy, 3, 60, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], members, new PostProcessing());
        await new FolderBlobStore(bucket).WriteJsonAsync(Release.PathOf(ReleaseName), release);
    }

    private static JsonElement Rule(double gain) => JsonSerializer.SerializeToElement(new
    {
        rule = "v1",
        exceptions = new[] { new { key_regex = ".*", min_ndim = 2, multiply = gain } },
        unchanged_keys_regex = Array.Empty<string>(),
    });

    private static async Task<InspectionResult> ScoreAsync(string bucket, string video)
    {
        await File.WriteAllBytesAsync(Path.Combine(bucket, BlobContainers.Inspections, Path.GetFileName(video)), await File.ReadAllBytesAsync(video));
        string results = Path.Combine(bucket, BlobContainers.Results);
        var store = new FolderBlobStore(bucket);
        while (true)
        {
            if (Directory.EnumerateFiles(results, "result.json", SearchOption.AllDirectories).FirstOrDefault() is { } file
                && await store.ReadJsonAsync<InspectionResult>(InspectionResult.PathOf(Path.GetFileName(Path.GetDirectoryName(file)!))) is { } result)
                return result;

            await Task.Delay(500);
        }
    }
}
