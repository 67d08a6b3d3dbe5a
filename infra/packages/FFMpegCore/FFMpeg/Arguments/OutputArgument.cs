using FFMpegCore.Exceptions;

namespace FFMpegCore.Arguments;

public class OutputArgument(string path, bool overwrite = true) : IOutputArgument
{
    public readonly string Path = path;
    public readonly bool Overwrite = overwrite;

    public string Text => Overwrite ? $"\"{Path}\" -y" : $"\"{Path}\"";

    public void Pre()
    {
        if (!Overwrite && File.Exists(Path))
            throw new FFMpegException(FFMpegExceptionType.File, $"The output file '{Path}' exists and may not be overwritten");
    }

    public Task During(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public void Post()
    {
    }
}
