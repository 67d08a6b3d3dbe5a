namespace FFMpegCore.Arguments;

public interface IArgument
{
    string Text { get; }
}
