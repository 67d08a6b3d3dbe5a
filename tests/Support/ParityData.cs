using System.Text.Json;

namespace CloudPipe.Tests.Support;

/// <summary>
/// Reference numbers that public implementations produced. They lie outside of the repository: in the folder that the
/// environment variable CLOUDPIPE_PARITY_DIR names, or in shared/parity beside the clone. A clone without them skips what
/// compares with them and still runs the numbers that the tests quote.
/// </summary>
internal static class ParityData
{
    /// <summary>The folder; null where there is none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Reads a file of the folder, such as <c>functions/adamw.json</c>.</summary>
    public static JsonElement Read(string relativePath)
    {
        string folder = Folder ?? throw new DirectoryNotFoundException(WhyMissing([relativePath]));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, relativePath)));
        return document.RootElement.Clone();
    }

    public static double[] Doubles(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetDouble())];

    public static long[] Longs(this JsonElement element) => [.. element.EnumerateArray().Select(value => value.GetInt64())];

    /// <summary>The reason why a test against these files cannot run, or null.</summary>
    public static string? WhyMissing(string[] files) => Folder is null
        ? "The reference numbers are not here: set CLOUDPIPE_PARITY_DIR."
        : files.FirstOrDefault(file => !File.Exists(Path.Combine(Folder, file))) is { } missing ? $"{Folder} has no {missing}." : null;

    /// <summary>The labels of QV-Pipe's training videos, from shared/data beside the clone; null where they are not.</summary>
    public static byte[]? QvPipeLabels() =>
        BesideTheClone("data/qv_pipe_train.json") is var file && File.Exists(file) ? File.ReadAllBytes(file) : null;

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("CLOUDPIPE_PARITY_DIR") is { Length: > 0 } named)
            return Directory.Exists(named) ? Path.GetFullPath(named) : throw new DirectoryNotFoundException($"CLOUDPIPE_PARITY_DIR names '{named}', which is no folder.");

        string beside = BesideTheClone("parity");
        return Directory.Exists(beside) ? beside : null;
    }

    private static string BesideTheClone(string name) => Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", name));
}
