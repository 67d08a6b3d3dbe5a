using System.Diagnostics;
using System.Runtime.InteropServices;
using CloudPipe.Local.Hosting;

namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary><c>cloudpipe up</c>, <c>functions</c> or <c>worker</c> as a process of its own, so that it can die as real processes do.</summary>
internal sealed class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string?> _firstLine;
    private readonly Task<string> _output;
    private readonly Task<string> _log;

    private HostProcess(HostRoles roles, Process process)
    {
        Roles = roles;
        _process = process;
        _firstLine = process.StandardOutput.ReadLineAsync();
        _output = ReadRestAsync();
        _log = process.StandardError.ReadToEndAsync();
    }

    public HostRoles Roles { get; }

    public bool HasExited => _process.HasExited;

    public static HostProcess Start(HostRoles roles, IEnumerable<KeyValuePair<string, string?>> settings, params string[] arguments)
    {
        string command = roles == HostRoles.All ? "up" : roles.ToString().ToLowerInvariant();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "cloudpipe.dll"), command, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string key, string? value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return new HostProcess(roles, Process.Start(start)!);
    }

    /// <summary>SIGKILL, to this process alone: its ffmpeg children live on as orphans, as after a real crash.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: false);
        _process.WaitForExit();
    }

    /// <summary>Waits until it serves; before that, SIGTERM ends it as it ends any process.</summary>
    public async Task WaitUntilServingAsync() => Assert.StartsWith("Serving", await _firstLine, StringComparison.Ordinal);

    /// <summary>SIGTERM, then waits.</summary>
    public async Task<int> StopAsync()
    {
        const int terminate = 15;
        _ = SendSignal(_process.Id, terminate);
        return await WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async Task<int> WaitAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw new TimeoutException($"cloudpipe ({Roles}) did not end within {patience}. Its log:\n{await _log}{await _output}");
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }

    private async Task<string> ReadRestAsync() => await _firstLine + await _process.StandardOutput.ReadToEndAsync();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}
