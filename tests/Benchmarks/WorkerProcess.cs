using System.Diagnostics;

namespace CloudPipe.Benchmarks;

/// <summary>A child process that answers every line with a line; it ends with its input.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="program">What to start.</param>
    /// <param name="arguments">Its arguments.</param>
    public WorkerProcess(string program, params IEnumerable<string> arguments) =>
        _process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>The system's number of the process.</summary>
    public int Id => _process.Id;

    /// <summary>The largest resident memory of the process so far, bytes.</summary>
    public long PeakBytes
    {
        get
        {
            _process.Refresh();
            return _process.PeakWorkingSet64;
        }
    }

    /// <summary>This very program as a child.</summary>
    public static WorkerProcess OfThisProgram(params string[] arguments) => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? new(Environment.ProcessPath!, [typeof(WorkerProcess).Assembly.Location, .. arguments])
        : new(Environment.ProcessPath!, arguments);

    /// <exception cref="WorkerProcessException">The process has ended.</exception>
    public async Task<string> AskAsync(string line)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(line);
        }
        catch (IOException)
        {
            // The pipe is broken: the end of its output says the same below.
        }

        return await _process.StandardOutput.ReadLineAsync() ?? throw new WorkerProcessException($"The worker process ended at '{line}'; its error is above.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
