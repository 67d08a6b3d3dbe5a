using System.Text.Json;

namespace CloudPipe.GpuWorker.Tests.Parity;

/// <summary>
/// Reference numbers that public PyTorch implementations produced on weights that a formula fills. The folder lies outside of
/// the repository: the environment variable CLOUDPIPE_PARITY_DIR, or ../shared/parity beside the repository.
/// </summary>
internal static class ParityData
{
    public static string? Folder { get; } = Find();

    public static JsonElement Read(string relativePath)
    {
        Assert.NotNull(Folder);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, relativePath)));
        return document.RootElement.Clone();
    }

    public static double[] Doubles(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetDouble())];

    public static long[] Longs(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetInt64())];

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("CLOUDPIPE_PARITY_DIR");
        if (named is not null)
            return Directory.Exists(Path.Combine(named, "models")) ? named : throw new DirectoryNotFoundException($"CLOUDPIPE_PARITY_DIR names '{named}', which has no folder 'models'.");

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CloudPipe.sln")))
            {
                string beside = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared", "parity"));
                return Directory.Exists(beside) ? beside : null;
            }
        }

        return null;
    }
}
