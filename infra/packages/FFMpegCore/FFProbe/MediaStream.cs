namespace FFMpegCore;

public abstract class MediaStream
{
    public int Index { get; set; }

    public string CodecName { get; set; } = null!;

    public string CodecLongName { get; set; } = null!;

    public long BitRate { get; set; }

    public TimeSpan StartTime { get; set; }

    public TimeSpan Duration { get; set; }

    public Dictionary<string, bool>? Disposition { get; set; }

    public Dictionary<string, string>? Tags { get; set; }
}
