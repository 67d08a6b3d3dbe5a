namespace FFMpegCore;

public class VideoStream : MediaStream
{
    public double AvgFrameRate { get; set; }

    public string Profile { get; set; } = null!;

    public int Width { get; set; }

    public int Height { get; set; }

    public double FrameRate { get; set; }

    public string PixelFormat { get; set; } = null!;

    public int Rotation { get; set; }
}
