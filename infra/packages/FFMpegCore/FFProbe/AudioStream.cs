namespace FFMpegCore;

public class AudioStream : MediaStream
{
    public int Channels { get; set; }

    public int SampleRateHz { get; set; }
}
