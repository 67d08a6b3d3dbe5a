using System.IO.Pipes;
using FFMpegCore.Pipes;

namespace FFMpegCore.Arguments;

public class OutputPipeArgument(IPipeSink reader) : PipeArgument(PipeDirection.In), IOutputArgument
{
    public readonly IPipeSink Reader = reader;

    public override string Text => $"\"{PipePath}\" -y";

    protected override async Task ProcessDataAsync(CancellationToken token)
    {
        await Pipe.WaitForConnectionAsync(token).ConfigureAwait(false);

        // A program that has ended leaves its last bytes in the socket and then the end of the stream, so reading needs
        // no cancellation: it ends by itself.
        await Reader.ReadAsync(Pipe, CancellationToken.None).ConfigureAwait(false);
    }
}
