using System.Globalization;
using FFMpegCore.Enums;
using FFMpegCore.Pipes;

namespace CloudPipe.Inspections;

/// <summary>Where the packets of a video end, read from the container without decoding.</summary>
/// <param name="VideoEndSeconds">The end of the last video packet as a time stamp; <see langword="null"/> when none was found.</param>
/// <param name="EndSeconds">The end of the last packet of video or sound; <see langword="null"/> when none was found.</param>
internal sealed record PacketScan(double? VideoEndSeconds, double? EndSeconds)
{
    /// <summary>Reads packets up to the end of the file, in constant memory.</summary>
    /// <param name="source">The video.</param>
    /// <param name="fromSeconds">The time stamp to begin near; <see langword="null"/> reads all.</param>
    /// <param name="frameSeconds">How long a video packet lasts that does not say so.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>What was found.</returns>
    public static async Task<PacketScan> ReadAsync(VideoSource source, double? fromSeconds, double frameSeconds, CancellationToken cancellationToken)
    {
        var scan = new PacketScan(null, null);
        string seek = fromSeconds is { } from ? $"-seek_timestamp 1 -noaccurate_seek -ss {from.ToString("F6", CultureInfo.InvariantCulture)}" : string.Empty;
        var sink = new StreamPipeSink(async (stream, _) => scan = await ReadLinesAsync(stream, frameSeconds).ConfigureAwait(false));
        await source.RunAsync(
            source.Open(seek).OutputToPipe(sink, output => output
                .WithCustomArgument("-map 0:V:0 -map 0:a? -c copy -copyinkf -copyts")
                .ForceFormat("framecrc")),
            FFMpegLogLevel.Error,
            cancellationToken).ConfigureAwait(false);
        return scan;
    }

    /// <summary>Reads the lines of ffmpeg's framecrc format: <c>stream, dts, pts, duration, size, checksum</c>.</summary>
    private static async Task<PacketScan> ReadLinesAsync(Stream stream, double frameSeconds)
    {
        var timeBases = new Dictionary<int, double>();
        double? videoEnd = null, end = null;
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("#tb ", StringComparison.Ordinal))
            {
                string[] parts = line[4..].Split(':', '/');
                timeBases[Parse(parts[0])] = (double)Parse(parts[1]) / Parse(parts[2]);
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                string[] fields = line.Split(',', 5);
                int index = Parse(fields[0]);
                long decodeTime = ParseLong(fields[1]), presentationTime = ParseLong(fields[2]);
                long time = presentationTime != long.MinValue ? presentationTime : decodeTime;
                if (time == long.MinValue)
                {
                    continue;
                }

                double duration = ParseLong(fields[3]) * timeBases[index];
                double packetEnd = (time * timeBases[index]) + (duration > 0 || index > 0 ? duration : frameSeconds);
                videoEnd = index == 0 ? Latest(videoEnd, packetEnd) : videoEnd;
                end = Latest(end, packetEnd);
            }
        }

        return new PacketScan(videoEnd, end);
    }

    private static double Latest(double? known, double time) => known is { } value ? Math.Max(value, time) : time;

    private static int Parse(string text) => int.Parse(text, NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);

    private static long ParseLong(string text) =>
        long.Parse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
