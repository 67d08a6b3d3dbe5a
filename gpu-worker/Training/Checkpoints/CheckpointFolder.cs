namespace CloudPipe.GpuWorker.Training.Checkpoints;

/// <summary>Checkpoints as files of a folder.</summary>
/// <param name="path">The folder; made when the first is written.</param>
public sealed class CheckpointFolder(string path) : ICheckpointStore
{
    private const string Extension = ".safetensors";
    private const string Unfinished = ".partial";

    /// <inheritdoc />
    public IReadOnlyList<string> List() => !Directory.Exists(path) ? []
        : [.. Directory.EnumerateFiles(path, $"*{Extension}").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <inheritdoc />
    public void Write(string name, Action<string> writeFile)
    {
        Directory.CreateDirectory(path);

        // Of a process that was killed while it wrote.
        foreach (string unfinished in Directory.EnumerateFiles(path, $"*{Unfinished}"))
            File.Delete(unfinished);

        string temporary = Path.Combine(path, name + Unfinished);
        writeFile(temporary);
        File.Move(temporary, FileOf(name), overwrite: true);
    }

    /// <inheritdoc />
    public T Read<T>(string name, Func<string, T> readFile) => readFile(FileOf(name));

    /// <inheritdoc />
    public void Delete(string name) => File.Delete(FileOf(name));

    private string FileOf(string name) => Path.Combine(path, name + Extension);
}
