using System.Collections.Concurrent;
using CloudPipe.PipeSim;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary>Small PipeSim clips, rendered once per test run.</summary>
internal static class Clips
{
    private static readonly ConcurrentDictionary<(ulong Seed, double Seconds), Task<byte[]>> _rendered = new();

    public static Task<byte[]> GetAsync(ulong seed, double seconds = 2) => _rendered.GetOrAdd((seed, seconds), key => RenderAsync(key.Seed, key.Seconds));

    private static async Task<byte[]> RenderAsync(ulong seed, double seconds)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("clip.mp4");
        await VideoWriter.WriteAsync(PipeVideo.FromSeed(seed, new VideoSettings { Width = 160, Height = 120, DurationSeconds = seconds, FramesPerSecond = 10 }), file);
        return await File.ReadAllBytesAsync(file);
    }
}
