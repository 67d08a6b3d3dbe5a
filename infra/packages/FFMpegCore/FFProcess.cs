using System.ComponentModel;
using System.Diagnostics;
using FFMpegCore.Exceptions;

namespace FFMpegCore;

/// <summary>One run of ffmpeg or ffprobe, its two output streams collected line by line.</summary>
internal sealed class FFProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<List<string>> _output;
    private readonly Task<List<string>> _errors;

    private FFProcess(Process process, Action<string>? onOutput, Action<string>? onError)
    {
        _process = process;
        _output = CollectAsync(process.StandardOutput, onOutput);
        _errors = CollectAsync(process.StandardError, onError);
    }

    public static FFProcess Start(string program, string arguments, FFOptions options, Action<string>? onOutput = null, Action<string>? onError = null)
    {
        var startInfo = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = options.Encoding,
            StandardErrorEncoding = options.Encoding,
            WorkingDirectory = options.WorkingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        try
        {
            return new FFProcess(Process.Start(startInfo)!, onOutput, onError);
        }
        catch (Win32Exception exception)
        {
            throw new FFMpegException(FFMpegExceptionType.Operation, $"{program} was not found on your system", exception);
        }
    }

    public async Task<FFProcessResult> WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        using CancellationTokenRegistration registration = cancellationToken.Register(Kill);
        await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        return new FFProcessResult(_process.ExitCode, await _output.ConfigureAwait(false), await _errors.ConfigureAwait(false));
    }

    /// <summary>Asks the program to end as a person at its console would, and ends it after the time-out (milliseconds).</summary>
    public void Stop(int timeout)
    {
        try
        {
            _process.StandardInput.Write('q');
            _process.StandardInput.Flush();
            if (!_process.WaitForExit(timeout))
                Kill();
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException)
        {
            // It has ended already.
        }
    }

    public void Dispose() => _process.Dispose();

    private static async Task<List<string>> CollectAsync(StreamReader reader, Action<string>? onLine)
    {
        var lines = new List<string>();
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            lines.Add(line);
            onLine?.Invoke(line);
        }

        return lines;
    }

    private void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }
}
