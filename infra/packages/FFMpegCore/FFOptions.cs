using System.Text;
using System.Text.Json.Serialization;
using FFMpegCore.Enums;

namespace FFMpegCore;

public class FFOptions : ICloneable
{
    public string WorkingDirectory { get; set; } = string.Empty;

    public string BinaryFolder { get; set; } = string.Empty;

    public string EncodingWebName { get; set; } = Encoding.Default.WebName;

    [JsonIgnore]
    public Encoding Encoding
    {
        get => Encoding.GetEncoding(EncodingWebName);
        set => EncodingWebName = value?.WebName ?? Encoding.Default.WebName;
    }

    public FFMpegLogLevel? LogLevel { get; set; }

    public FFOptions Clone() => (FFOptions)MemberwiseClone();

    object ICloneable.Clone() => Clone();
}
