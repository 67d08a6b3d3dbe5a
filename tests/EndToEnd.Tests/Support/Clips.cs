using System.Collections.Concurrent;
using CloudPipe.PipeSim;
using CloudPipe.Tests.Support;

namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary>Small PipeSim clips, rendered once per test run.</summary>
internal static class Clips
{
    private static readonly ConcurrentDictionary<ulong, Task<byte[]>> _rendered = new();

    public static Task<byte[]> GetAsync(ulong seed) => _rendered.GetOrAdd(seed, RenderAsync);

    private static async Task<byte[]> RenderAsync(ulong seed)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File("clip.mp4");
        await VideoWriter.WriteAsync(PipeVideo.FromSeed(seed, new VideoSettings { Width = 160, Height = 120, DurationSeconds = 2 }), file);
        return await File.ReadAllBytesAsync(file);
    }
}
