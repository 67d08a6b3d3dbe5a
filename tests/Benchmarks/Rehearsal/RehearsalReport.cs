namespace CloudPipe.Benchmarks.Rehearsal;

/// <summary>The report of a rehearsal, on the console and in a file; hours may lie between two lines, so each is written at once.</summary>
/// <param name="file">The file; empty for none.</param>
internal sealed class RehearsalReport(string file) : IDisposable
{
    private readonly StreamWriter? _writer = file.Length > 0 ? new StreamWriter(file) { AutoFlush = true } : null;

    /// <summary>Writes a line.</summary>
    /// <param name="line">Without its end.</param>
    public void WriteLine(string line = "")
    {
        Console.WriteLine(line);
        _writer?.WriteLine(line);
    }

    /// <inheritdoc/>
    public void Dispose() => _writer?.Dispose();
}
