using System.Text.Json;

namespace TorchSharp.Tests.Optim;

/// <summary>Reference numbers that live beside the repository, in shared/parity, or where CLOUDPIPE_PARITY_DIR says.</summary>
internal static class ParityFile
{
    public static JsonElement Read(string relativePath)
    {
        var path = Path.Combine(Root(), relativePath);
        return JsonDocument.Parse(File.ReadAllText(path)).RootElement;
    }

    private static string Root()
    {
        if (Environment.GetEnvironmentVariable("CLOUDPIPE_PARITY_DIR") is { Length: > 0 } given) return given;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "parity");
            if (File.Exists(Path.Combine(candidate, "README.md"))) return candidate;
        }

        throw new DirectoryNotFoundException("No shared/parity folder above the test assembly; set CLOUDPIPE_PARITY_DIR to it.");
    }
}
