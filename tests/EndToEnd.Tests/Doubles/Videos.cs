using System.Diagnostics;

namespace CloudPipe.EndToEnd.Tests.Doubles;

/// <summary>Small videos by ffmpeg's own test sources.</summary>
internal static class Videos
{
    public static async Task RenderAsync(string file, double seconds)
    {
        using Process ffmpeg = Process.Start(new ProcessStartInfo(
            "ffmpeg",
            ["-v", "error", "-y", "-f", "lavfi", "-i", FormattableString.Invariant($"testsrc=d={seconds}:s=160x120:r=10"), "-c:v", "libx264", "-preset", "ultrafast", file]))!;
        await ffmpeg.WaitForExitAsync();
        Assert.Equal(0, ffmpeg.ExitCode);
    }
}
