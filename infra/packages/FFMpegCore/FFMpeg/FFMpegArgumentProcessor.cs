using FFMpegCore.Enums;
using FFMpegCore.Exceptions;

namespace FFMpegCore;

public class FFMpegArgumentProcessor
{
    private readonly FFMpegArguments _arguments;
    private readonly List<Action<FFOptions>> _configurations = [];
    private CancellationTokenRegistration _registration;
    private FFMpegLogLevel? _logLevel;
    private Action<string>? _onError;
    private Action<string>? _onOutput;
    private volatile bool _cancelled;
    private Action<int>? _stopProcess;

    internal FFMpegArgumentProcessor(FFMpegArguments arguments) => _arguments = arguments;

    public string Arguments => _arguments.Text;

    public FFMpegArgumentProcessor NotifyOnError(Action<string> onError)
    {
        _onError = onError;
        return this;
    }

    public FFMpegArgumentProcessor NotifyOnOutput(Action<string> onOutput)
    {
        _onOutput = onOutput;
        return this;
    }

    public FFMpegArgumentProcessor CancellableThrough(out Action cancel, int timeout = 0)
    {
        cancel = () => Cancel(timeout);
        return this;
    }

    public FFMpegArgumentProcessor CancellableThrough(CancellationToken token, int timeout = 0)
    {
        token.ThrowIfCancellationRequested();
        _registration.Dispose();
        _registration = token.Register(() => Cancel(timeout));
        return this;
    }

    public FFMpegArgumentProcessor Configure(Action<FFOptions> configureOptions)
    {
        _configurations.Add(configureOptions);
        return this;
    }

    public FFMpegArgumentProcessor WithLogLevel(FFMpegLogLevel logLevel)
    {
        _logLevel = logLevel;
        return this;
    }

    public bool ProcessSynchronously(bool throwOnError = true, FFOptions? ffMpegOptions = null) =>
        Task.Run(() => ProcessAsynchronously(throwOnError, ffMpegOptions)).GetAwaiter().GetResult();

    public async Task<bool> ProcessAsynchronously(bool throwOnError = true, FFOptions? ffMpegOptions = null)
    {
        FFOptions options = ffMpegOptions ?? GlobalFFOptions.Current.Clone();
        foreach (Action<FFOptions> configure in _configurations)
            configure(options);

        try
        {
            FFProcessResult result = await RunAsync(options).ConfigureAwait(false);
            if (throwOnError && result.ExitCode != 0)
            {
                string errors = string.Join('\n', result.ErrorData);
                throw new FFMpegException(FFMpegExceptionType.Process, $"ffmpeg exited with non-zero exit-code ({result.ExitCode} - {errors})", null, errors);
            }

            return result.ExitCode == 0;
        }
        catch (OperationCanceledException) when (!throwOnError)
        {
            return false;
        }
        finally
        {
            await _registration.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task<FFProcessResult> RunAsync(FFOptions options)
    {
        if (_cancelled)
            throw new OperationCanceledException("cancelled before starting processing");

        FFMpegLogLevel? logLevel = _logLevel ?? options.LogLevel;
        string text = logLevel is null ? _arguments.Text : $"{_arguments.Text} -v {logLevel.Value.ToString().ToLowerInvariant()}";
        _arguments.Pre();
        try
        {
            using FFProcess process = FFProcess.Start(GlobalFFOptions.GetFFMpegBinaryPath(options), text, options, _onOutput, _onError);
            using var ended = new CancellationTokenSource();
            _stopProcess = process.Stop;
            if (_cancelled)
                process.Stop(0);

            Task pipes = _arguments.During(ended.Token);
            FFProcessResult result = await process.WaitForExitAsync().ConfigureAwait(false);
            await ended.CancelAsync().ConfigureAwait(false);
            try
            {
                await pipes.ConfigureAwait(false);
            }
            catch (IOException) when (result.ExitCode != 0 || _cancelled)
            {
                // The pipe broke because the program ended, and its own words say why.
            }

            if (_cancelled)
                throw new OperationCanceledException("ffmpeg processing was cancelled");
            return result;
        }
        finally
        {
            _stopProcess = null;
            _arguments.Post();
        }
    }

    private void Cancel(int timeout)
    {
        _cancelled = true;
        _stopProcess?.Invoke(timeout);
    }
}
