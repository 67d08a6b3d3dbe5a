using System.Globalization;
using System.Text.Json;

namespace FFMpegCore;

/// <summary>What ffprobe printed as JSON, with times as <c>-sexagesimal</c> writes them.</summary>
internal sealed class MediaAnalysis : IMediaAnalysis
{
    internal MediaAnalysis(JsonElement root, IReadOnlyList<string> errorData)
    {
        ErrorData = errorData;
        Format = ReadFormat(root.GetProperty("format"));
        foreach (JsonElement stream in root.GetProperty("streams").EnumerateArray())
        {
            if (Text(stream, "codec_type") == "video")
                VideoStreams.Add(ReadVideoStream(stream));
            else if (Text(stream, "codec_type") == "audio")
                AudioStreams.Add(ReadAudioStream(stream));
        }
    }

    public TimeSpan Duration =>
        new[] { Format.Duration, PrimaryVideoStream?.Duration ?? TimeSpan.Zero, PrimaryAudioStream?.Duration ?? TimeSpan.Zero }.Max();

    public MediaFormat Format { get; }

    public AudioStream? PrimaryAudioStream => AudioStreams.MinBy(stream => stream.Index);

    public VideoStream? PrimaryVideoStream => VideoStreams.MinBy(stream => stream.Index);

    public List<VideoStream> VideoStreams { get; } = [];

    public List<AudioStream> AudioStreams { get; } = [];

    public IReadOnlyList<string> ErrorData { get; }

    private static MediaFormat ReadFormat(JsonElement format) => new()
    {
        Duration = Time(Text(format, "duration")),
        StartTime = Time(Text(format, "start_time")),
        FormatName = Text(format, "format_name")!,
        FormatLongName = Text(format, "format_long_name")!,
        StreamCount = (int)Number(format, "nb_streams"),
        ProbeScore = Number(format, "probe_score"),
        BitRate = long.Parse(Text(format, "bit_rate") ?? "0", CultureInfo.InvariantCulture),
        Tags = Tags(format),
    };

    private static VideoStream ReadVideoStream(JsonElement stream) => Fill(stream, new VideoStream
    {
        AvgFrameRate = Ratio(Text(stream, "avg_frame_rate")),
        FrameRate = Ratio(Text(stream, "r_frame_rate")),
        Profile = Text(stream, "profile")!,
        Width = (int)Number(stream, "width"),
        Height = (int)Number(stream, "height"),
        PixelFormat = Text(stream, "pix_fmt")!,
        Rotation = ReadRotation(stream),
    });

    private static AudioStream ReadAudioStream(JsonElement stream) => Fill(stream, new AudioStream
    {
        Channels = (int)Number(stream, "channels"),
        SampleRateHz = int.Parse(Text(stream, "sample_rate") ?? "0", CultureInfo.InvariantCulture),
    });

    private static T Fill<T>(JsonElement element, T stream)
        where T : MediaStream
    {
        stream.Index = (int)Number(element, "index");
        stream.CodecName = Text(element, "codec_name")!;
        stream.CodecLongName = Text(element, "codec_long_name")!;
        stream.BitRate = long.Parse(Text(element, "bit_rate") ?? "0", CultureInfo.InvariantCulture);
        stream.StartTime = Time(Text(element, "start_time"));
        stream.Duration = Time(Text(element, "duration"));
        stream.Tags = Tags(element);
        if (element.TryGetProperty("disposition", out JsonElement disposition))
            stream.Disposition = disposition.EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetInt32() != 0);
        return stream;
    }

    private static int ReadRotation(JsonElement stream)
    {
        if (stream.TryGetProperty("side_data_list", out JsonElement sideData))
        {
            foreach (JsonElement entry in sideData.EnumerateArray())
            {
                if (Text(entry, "side_data_type") == "Display Matrix" && entry.TryGetProperty("rotation", out JsonElement rotation))
                    return (int)rotation.GetDouble();
            }
        }

        return Tags(stream).TryGetValue("rotate", out string? tag) ? (int)float.Parse(tag, CultureInfo.InvariantCulture) : 0;
    }

    private static Dictionary<string, string> Tags(JsonElement element) => element.TryGetProperty("tags", out JsonElement tags)
        ? tags.EnumerateObject().DistinctBy(tag => tag.Name, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(tag => tag.Name, tag => tag.Value.GetString()!, StringComparer.OrdinalIgnoreCase)
        : [];

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;

    private static double Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? value.GetDouble() : 0;

    private static double Ratio(string? text)
    {
        string[] parts = (text ?? "0/0").Split('/');
        return double.Parse(parts[0], CultureInfo.InvariantCulture) / double.Parse(parts[^1], CultureInfo.InvariantCulture);
    }

    // Milliseconds, cut and not rounded; what is negative or 'N/A' counts as zero.
    private static TimeSpan Time(string? text)
    {
        string[] parts = (text ?? string.Empty).Split(':', '.');
        return parts.Length == 4
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int hours)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int minutes)
            && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            && int.TryParse(parts[3].PadRight(3, '0').AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds)
            ? new TimeSpan(0, hours, minutes, seconds, milliseconds)
            : TimeSpan.Zero;
    }
}
