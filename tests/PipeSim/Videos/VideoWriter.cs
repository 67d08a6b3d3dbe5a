using System.Diagnostics;
using System.Globalization;

namespace CloudPipe.PipeSim;

/// <summary>Writes videos and pictures through the ffmpeg program. The same seed gives the same file, byte for byte, with the same ffmpeg.</summary>
public static class VideoWriter
{
    private const double SecondsPerKeyframe = 2;

    /// <summary>Writes H.264 (yuv420p) in mp4, a keyframe every two seconds. The file appears under its name when it is whole.</summary>
    public static async Task WriteAsync(PipeVideo video, string path, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var settings = video.Settings;
        var keyframe = Math.Max(1, (int)Math.Round(SecondsPerKeyframe * settings.FramesPerSecond)).ToString(CultureInfo.InvariantCulture);
        string[] encoding =
        [
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-pix_fmt", "yuv420p", "-threads", "1",
            "-g", keyframe, "-keyint_min", keyframe, "-sc_threshold", "0",
            "-fflags", "+bitexact", "-flags:v", "+bitexact", "-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4",
        ];
        var frame = new byte[settings.Width * settings.Height * 3];
        await EncodeAsync(settings.Width, settings.Height, settings.FramesPerSecond, encoding, path, async stdin =>
        {
            for (var i = 0; i < settings.FrameCount; i++)
            {
                video.RenderFrame(i / settings.FramesPerSecond, frame, settings.Width, settings.Height);
                await stdin.WriteAsync(frame, cancellationToken);
                progress?.Report((i + 1.0) / settings.FrameCount);
            }
        }, cancellationToken);
    }

    /// <summary>Writes one RGB24 picture as PNG.</summary>
    public static Task WritePictureAsync(ReadOnlyMemory<byte> rgb, int width, int height, string path, CancellationToken cancellationToken = default) =>
        EncodeAsync(
            width, height, 1, ["-frames:v", "1", "-c:v", "png", "-threads", "1", "-f", "image2"], path,
            async stdin => await stdin.WriteAsync(rgb, cancellationToken), cancellationToken);

    private static async Task EncodeAsync(
        int width, int height, double framesPerSecond, string[] encoding, string path, Func<Stream, Task> writeFrames, CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        var unfinished = path + ".part";
        var start = new ProcessStartInfo("ffmpeg") { RedirectStandardInput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", $"{width}x{height}",
            "-r", framesPerSecond.ToString("R", CultureInfo.InvariantCulture), "-i", "pipe:0", .. encoding, unfinished,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);

        using var ffmpeg = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg did not start; install it and put it on the PATH.");
        var complaints = ffmpeg.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await writeFrames(ffmpeg.StandardInput.BaseStream);
            ffmpeg.StandardInput.Close();
            await ffmpeg.WaitForExitAsync(cancellationToken);
        }
        catch (IOException)
        {
            // ffmpeg has closed its input: it says why itself, below.
            await ffmpeg.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            ffmpeg.Kill();
            await ffmpeg.WaitForExitAsync(CancellationToken.None);
            File.Delete(unfinished);
            throw;
        }

        if (ffmpeg.ExitCode != 0) throw new InvalidOperationException($"ffmpeg could not write {path}: {(await complaints).Trim()}");
        File.Move(unfinished, path, overwrite: true);
    }
}
