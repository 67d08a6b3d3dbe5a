namespace CloudPipe.PipeSim;

/// <summary>What decides every byte of a dataset. Kept beside it, so that a resumed run cannot mix two datasets.</summary>
public sealed record DatasetRequest(ulong Seed, int Videos, VideoSettings Settings)
{
    public ulong VideoSeed(int index) => HashRandom.Combine(Seed, (ulong)index);

    public static string FileName(int index) => $"{index:d5}.mp4";

    public PipeVideo Video(int index) => PipeVideo.FromSeed(VideoSeed(index), Settings);
}
