using System.Diagnostics;

namespace CloudPipe.Benchmarks;

/// <summary>A child process that answers every line with a line; it ends with its input.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    private WorkerProcess(string program, IEnumerable<string> arguments)
    {
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    }

    /// <summary>Starts this program once more.</summary>
    public static WorkerProcess OfThisProgram(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new WorkerProcess(program, [typeof(WorkerProcess).Assembly.Location, .. arguments])
            : new WorkerProcess(program, arguments);
    }

    /// <summary>Starts a script in Debian's Python, whose packages are the peers.</summary>
    public static WorkerProcess OfPython(string script, params string[] arguments) =>
        new("/usr/bin/python3", [Path.Combine(AppContext.BaseDirectory, script), .. arguments]);

    /// <summary>Sends a line and waits for the answer.</summary>
    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The worker process ended at '{line}'; its error is above.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
