using System.Globalization;
using CloudPipe.GpuWorker.Models;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>What <see cref="GpuBenchmark"/> measures, and where.</summary>
internal sealed record GpuBenchmarkOptions
{
    public const string Usage = "gpu [NETWORK…] [--device cuda|cpu] [--tile PIXELS] [--rounds N] [--python PROGRAM] [--out FILE.md]";

    private const int Grid = 3;

    private const int UsualTile = 448;

    /// <summary>Catalog names; the papers' networks and a few of the common ones by default.</summary>
    public IReadOnlyList<string> Architectures { get; init; } =
        [.. EnsembleBenchmark.Networks.Select(network => network.Architecture), "resnet50", "swin_tiny_patch4_window7_224", "tf_efficientnet_b0", "convnext_tiny"];

    /// <summary><c>cuda</c> or <c>cpu</c>; the CPU computes in float32, CUDA in bfloat16.</summary>
    public string Device { get; init; } = "cuda";

    /// <summary>Width and height of a tile in pixels, for every network; the papers' own where none is given.</summary>
    public int? TileSize { get; init; }

    /// <summary>How many pairs of measurements decide.</summary>
    public int Rounds { get; init; } = 7;

    /// <summary>The Python that has PyTorch.</summary>
    public string Python { get; init; } = "python3";

    /// <summary>Where the tables go as Markdown; null keeps them on the screen.</summary>
    public string? OutputFile { get; init; }

    /// <summary>Width and height of a network's super-images in pixels.</summary>
    public int SideOf(string architecture) =>
        Grid * (TileSize ?? EnsembleBenchmark.Networks.Where(network => network.Architecture == architecture).Select(network => network.TileSize).FirstOrDefault(UsualTile));

    /// <exception cref="ArgumentException">The command line is wrong.</exception>
    /// <exception cref="UnknownArchitectureException">There is no such network.</exception>
    public static GpuBenchmarkOptions Parse(string[] args)
    {
        var options = new GpuBenchmarkOptions();
        var names = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith('-'))
            {
                names.Add(ModelCatalog.Contains(args[i]) ? args[i] : throw ModelCatalog.Unknown(args[i]));
                continue;
            }

            string value = i + 1 < args.Length ? args[i + 1] : throw new ArgumentException($"{args[i]} needs a value. {Usage}");
            options = args[i++] switch
            {
                "--device" when value is "cuda" or "cpu" => options with { Device = value },
                "--tile" when Positive(value) is { } tile => options with { TileSize = tile },
                "--rounds" when Positive(value) is { } rounds => options with { Rounds = rounds },
                "--python" => options with { Python = value },
                "--out" => options with { OutputFile = value },
                string option => throw new ArgumentException($"'{option} {value}' means nothing. {Usage}"),
            };
        }

        return names.Count == 0 ? options : options with { Architectures = names };
    }

    private static int? Positive(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
