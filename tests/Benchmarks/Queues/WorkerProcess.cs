using System.Diagnostics;

namespace CloudPipe.Benchmarks.Queues;

/// <summary>A child process of this program that answers every line with a line; it ends with its input.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;

    public WorkerProcess()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, SqliteQueueBenchmark.WorkerCommand) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.Arguments = $"\"{typeof(WorkerProcess).Assembly.Location}\" {start.Arguments}";
        }

        _process = Process.Start(start)!;
    }

    public async Task<string> AskAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        return await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The worker process ended at '{line}'; its error is above.");
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }
}
