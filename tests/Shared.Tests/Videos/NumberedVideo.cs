using FFMpegCore;
using FFMpegCore.Enums;

namespace CloudPipe.Shared.Tests.Videos;

/// <summary>One kind of video that the cutter must get right.</summary>
/// <param name="Extension">The container's.</param>
/// <param name="Arguments">ffmpeg's output options: codec, key frames, filters.</param>
internal sealed record NumberedVideo(string Extension, string Arguments)
{
    public int Width { get; init; } = 128;

    public int Height { get; init; } = 96;

    public int FrameCount { get; init; } = 250;

    public double FramesPerSecond { get; init; } = 25;

    /// <summary>Quarter turns clockwise that the recording asks for.</summary>
    public int Turns { get; init; }

    /// <summary>Writes through a pipe, which cannot seek back: no index and no duration in the file.</summary>
    public bool Streamed { get; init; }

    /// <summary>When frame n is shown, in seconds from the first frame; constant frame rate by default.</summary>
    public Func<int, double>? TimeOf { get; init; }

    /// <summary><see cref="TimeOf"/> in ffmpeg's expressions, of the frame's number N.</summary>
    public string? TimeExpression { get; init; }

    public double Time(int number) => TimeOf?.Invoke(number) ?? number / FramesPerSecond;

    /// <summary>The length of the longest interval between the frame and its neighbours.</summary>
    public double IntervalAround(int number)
    {
        double before = number > 0 ? Time(number) - Time(number - 1) : 0;
        double after = number < FrameCount - 1 ? Time(number + 1) - Time(number) : 0;
        double longest = Math.Max(before, after);
        return longest > 0 ? longest : 1 / FramesPerSecond;
    }

    public async Task WriteAsync(string file)
    {
        string filters = TimeOf is null ? string.Empty : $"-vf \"settb=1/90000,setpts='round(90000*({TimeExpression}))'\" -fps_mode passthrough -enc_time_base 1/90000";
        FFMpegArguments input = FFMpegArguments.FromPipeInput(new NumberedFrames(Width, Height, FrameCount, FramesPerSecond, Turns));
        void Configure(FFMpegArgumentOptions output) => output.WithCustomArgument($"-pix_fmt yuv420p {filters} {Arguments} -threads 1");
        FFMpegArgumentProcessor command;
        if (Streamed)
        {
            await using FileStream stream = File.Create(file);
            command = input.OutputToPipe(new FFMpegCore.Pipes.StreamPipeSink(stream), Configure);
            await command.WithLogLevel(FFMpegLogLevel.Error).ProcessAsynchronously();
        }
        else
        {
            command = input.OutputToFile(file, overwrite: true, Configure);
            await command.WithLogLevel(FFMpegLogLevel.Error).ProcessAsynchronously();
        }

        if (Turns > 0)
            Mp4Matrix.Turn(file, Turns);
    }
}
