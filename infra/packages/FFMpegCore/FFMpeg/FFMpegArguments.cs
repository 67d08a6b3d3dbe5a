using FFMpegCore.Arguments;
using FFMpegCore.Pipes;

namespace FFMpegCore;

public sealed class FFMpegArguments : FFMpegArgumentsBase
{
    private FFMpegArguments()
    {
    }

    public string Text => string.Join(' ', Arguments.Select(argument => argument.Text));

    public static FFMpegArguments FromFileInput(string filePath, bool verifyExists = true, Action<FFMpegArgumentOptions>? addArguments = null) =>
        new FFMpegArguments().AddFileInput(filePath, verifyExists, addArguments);

    public static FFMpegArguments FromUrlInput(Uri uri, Action<FFMpegArgumentOptions>? addArguments = null) =>
        new FFMpegArguments().AddUrlInput(uri, addArguments);

    public static FFMpegArguments FromPipeInput(IPipeSource sourcePipe, Action<FFMpegArgumentOptions>? addArguments = null) =>
        new FFMpegArguments().AddPipeInput(sourcePipe, addArguments);

    public FFMpegArguments AddFileInput(string filePath, bool verifyExists = true, Action<FFMpegArgumentOptions>? addArguments = null) =>
        Add(new InputArgument(verifyExists, filePath), addArguments);

    public FFMpegArguments AddUrlInput(Uri uri, Action<FFMpegArgumentOptions>? addArguments = null) =>
        Add(new InputArgument(false, uri.AbsoluteUri), addArguments);

    public FFMpegArguments AddPipeInput(IPipeSource sourcePipe, Action<FFMpegArgumentOptions>? addArguments = null) =>
        Add(new InputPipeArgument(sourcePipe), addArguments);

    public FFMpegArgumentProcessor OutputToFile(string file, bool overwrite = true, Action<FFMpegArgumentOptions>? addArguments = null) =>
        new(Add(new OutputArgument(file, overwrite), addArguments));

    public FFMpegArgumentProcessor OutputToPipe(IPipeSink reader, Action<FFMpegArgumentOptions>? addArguments = null) =>
        new(Add(new OutputPipeArgument(reader), addArguments));

    internal void Pre()
    {
        foreach (IInputOutputArgument argument in Arguments.OfType<IInputOutputArgument>())
            argument.Pre();
    }

    internal Task During(CancellationToken cancellationToken) =>
        Task.WhenAll(Arguments.OfType<IInputOutputArgument>().Select(argument => argument.During(cancellationToken)));

    internal void Post()
    {
        foreach (IInputOutputArgument argument in Arguments.OfType<IInputOutputArgument>())
            argument.Post();
    }

    private FFMpegArguments Add(IInputOutputArgument argument, Action<FFMpegArgumentOptions>? addArguments)
    {
        var options = new FFMpegArgumentOptions();
        addArguments?.Invoke(options);
        Arguments.AddRange(options.Arguments);
        Arguments.Add(argument);
        return this;
    }
}
