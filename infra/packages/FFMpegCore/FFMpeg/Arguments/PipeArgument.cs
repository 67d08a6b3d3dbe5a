using System.IO.Pipes;

namespace FFMpegCore.Arguments;

public abstract class PipeArgument
{
    private readonly Lock _lock = new();
    private readonly PipeDirection _direction;
    private readonly string _name = $"FFMpegCore_{Guid.NewGuid().ToString("N")[..16]}";

    protected PipeArgument(PipeDirection direction) => _direction = direction;

    // .NET makes a named pipe out of a Unix domain socket of this name, which ffmpeg's unix: protocol connects to.
    public string PipePath => OperatingSystem.IsWindows() ? $@"\\.\pipe\{_name}" : $"unix:{Path.Combine(Path.GetTempPath(), $"CoreFxPipe_{_name}")}";

    public abstract string Text { get; }

    protected NamedPipeServerStream Pipe { get; private set; } = null!;

    public void Pre()
    {
        lock (_lock)
        {
            if (Pipe is not null)
                throw new InvalidOperationException("Pipe already has been opened");
            Pipe = new NamedPipeServerStream(_name, _direction, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        }
    }

    public void Post()
    {
        lock (_lock)
        {
            Pipe?.Dispose();
            Pipe = null!;
        }
    }

    public async Task During(CancellationToken cancellationToken = default)
    {
        try
        {
            await ProcessDataAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The program ended without opening or draining the pipe; its exit code tells the rest.
        }
        finally
        {
            lock (_lock)
            {
                if (Pipe is { IsConnected: true })
                    Pipe.Disconnect();
            }
        }
    }

    protected abstract Task ProcessDataAsync(CancellationToken token);
}
