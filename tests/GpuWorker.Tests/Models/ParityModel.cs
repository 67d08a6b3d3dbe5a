using System.Text.Json;
using CloudPipe.GpuWorker.Models;
using CloudPipe.Tests.Support;

namespace CloudPipe.GpuWorker.Tests.Models;

/// <summary>A reference file of one network: its catalog name and constructor's arguments.</summary>
internal static class ParityModel
{
    // Up to here a network's comparison takes seconds and belongs into every test run.
    private const long FewParameters = 60_000_000;

    private const string TorchvisionPrefix = "torchvision_";

    /// <summary>Files whose network the catalog has.</summary>
    public static IEnumerable<string> Names(bool large) =>
        Folder() is { } folder
            ? Directory.EnumerateFiles(folder, "*.json")
                .Select(Path.GetFileNameWithoutExtension)
                .OfType<string>()
                .Where(name => ModelCatalog.Contains(Architecture(name)))
                .Order(StringComparer.Ordinal)
                .Where(name => ParameterCount(name) > FewParameters == large)
            : [];

    public static JsonElement Read(string name) => ParityData.Read(Path.Combine(Folder()!, $"{name}.json"));

    /// <summary>
    /// The part before the variant: <c>swin_tiny…@img96x160</c> is a <c>swin_tiny…</c>. A network of torchvision's that is the
    /// same function as timm's stands in the catalog under timm's name.
    /// </summary>
    public static string Architecture(string name)
    {
        string architecture = name.Split('@')[0];
        return IsOfTorchvision(name) && !ModelCatalog.Contains(architecture) ? architecture[TorchvisionPrefix.Length..] : architecture;
    }

    public static bool IsOfTorchvision(string name) => name.StartsWith(TorchvisionPrefix, StringComparison.Ordinal);

    public static ModelOptions Options(JsonElement reference)
    {
        var options = new ModelOptions(reference.GetProperty("num_classes").GetInt32(), DrawWeights: false);
        foreach (JsonProperty argument in reference.GetProperty("kwargs").EnumerateObject())
        {
            options = argument.Name switch
            {
                "num_classes" => options,
                "img_size" => options with { InputSize = new(argument.Value[0].GetInt32(), argument.Value[1].GetInt32()) },
                "strict_img_size" => options with { StrictInputSize = argument.Value.GetBoolean() },
                _ => throw new NotSupportedException($"The reference's argument '{argument.Name}' means nothing to ModelOptions."),
            };
        }

        return options;
    }

    // A folder of the format may also be the folder of the files itself.
    private static string? Folder() => ParityData.Folder is not { } folder ? null
        : Path.Combine(folder, "models") is var models && Directory.Exists(models) ? models : folder;

    private static long ParameterCount(string name) => Read(name).GetProperty("parameter_count").GetInt64();
}
