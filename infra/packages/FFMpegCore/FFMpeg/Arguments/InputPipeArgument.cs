using System.IO.Pipes;
using FFMpegCore.Pipes;

namespace FFMpegCore.Arguments;

public class InputPipeArgument(IPipeSource writer) : PipeArgument(PipeDirection.Out), IInputArgument
{
    public readonly IPipeSource Writer = writer;

    public override string Text => $"{Writer.GetStreamArguments()} -i \"{PipePath}\"";

    protected override async Task ProcessDataAsync(CancellationToken token)
    {
        await Pipe.WaitForConnectionAsync(token).ConfigureAwait(false);
        await Writer.WriteAsync(Pipe, token).ConfigureAwait(false);
    }
}
