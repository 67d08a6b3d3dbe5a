using System.Globalization;
using FFMpegCore.Arguments;

namespace FFMpegCore;

public class FFMpegArgumentOptions : FFMpegArgumentsBase
{
    internal FFMpegArgumentOptions()
    {
    }

    public FFMpegArgumentOptions WithCustomArgument(string argument) => WithArgument(new CustomArgument(argument));

    public FFMpegArgumentOptions Seek(TimeSpan? seekTo) => seekTo is { } at ? WithCustomArgument($"-ss {Clock(at)}") : this;

    public FFMpegArgumentOptions EndSeek(TimeSpan? seekTo) => seekTo is { } at ? WithCustomArgument($"-to {Clock(at)}") : this;

    public FFMpegArgumentOptions WithDuration(TimeSpan? duration) => duration is { } span ? WithCustomArgument($"-t {span:c}") : this;

    public FFMpegArgumentOptions ForceFormat(string format) => WithCustomArgument($"-f {format}");

    public FFMpegArgumentOptions ForcePixelFormat(string pixelFormat) => WithCustomArgument($"-pix_fmt {pixelFormat}");

    public FFMpegArgumentOptions WithFrameOutputCount(int frames) => WithCustomArgument($"-vframes {frames}");

    public FFMpegArgumentOptions WithFramerate(double framerate) =>
        WithCustomArgument($"-r {framerate.ToString(CultureInfo.InvariantCulture)}");

    public FFMpegArgumentOptions WithVideoCodec(string videoCodec) => WithCustomArgument($"-c:v {videoCodec}");

    public FFMpegArgumentOptions WithCopyCodec() => WithCustomArgument("-codec copy");

    public FFMpegArgumentOptions WithConstantRateFactor(int crf) => crf is >= 0 and <= 63
        ? WithCustomArgument($"-crf {crf}")
        : throw new ArgumentException("Argument is outside range (0 - 63)", nameof(crf));

    public FFMpegArgumentOptions UsingThreads(int threads) => WithCustomArgument($"-threads {threads}");

    public FFMpegArgumentOptions OverwriteExisting() => WithCustomArgument("-y");

    public FFMpegArgumentOptions WithArgument(IArgument argument)
    {
        Arguments.Add(argument);
        return this;
    }

    private static string Clock(TimeSpan time) =>
        $"{(int)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}.{time.Milliseconds:000}";
}
