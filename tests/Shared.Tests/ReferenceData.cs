using System.Text.Json;

namespace CloudPipe.Shared.Tests;

/// <summary>
/// Reference numbers too large for the repository: <c>CLOUDPIPE_PARITY_DIR</c>, or <c>shared/parity</c> beside the clone.
/// A clone without them still runs every test on the small vectors in the tests themselves.
/// </summary>
internal static class ReferenceData
{
    public static JsonDocument? Function(string name) =>
        Parity() is string folder && File.Exists(Path.Combine(folder, "functions", name)) ? Parse(Path.Combine(folder, "functions", name)) : null;

    public static byte[]? QvPipeLabels() =>
        Parity() is string folder && File.Exists(Path.Combine(folder, "..", "data", "qv_pipe_train.json"))
            ? File.ReadAllBytes(Path.Combine(folder, "..", "data", "qv_pipe_train.json"))
            : null;

    private static JsonDocument Parse(string path) => JsonDocument.Parse(File.ReadAllBytes(path));

    private static string? Parity()
    {
        if (Environment.GetEnvironmentVariable("CLOUDPIPE_PARITY_DIR") is { Length: > 0 } named)
            return named;

        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "CloudPipe.sln")))
            folder = folder.Parent;

        string? beside = folder?.Parent is DirectoryInfo parent ? Path.Combine(parent.FullName, "shared", "parity") : null;
        return Directory.Exists(beside) ? beside : null;
    }
}
