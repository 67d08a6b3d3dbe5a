using System.Globalization;
using System.Text.RegularExpressions;

namespace CloudPipe.Inspections;

/// <summary>
/// Collects the time stamps of decoded frames from what ffmpeg's <c>showinfo</c> filter prints. The filter must follow
/// <c>settb=AVTB</c>: its time in seconds has six digits only, its integer is exact.
/// </summary>
internal sealed partial class DecodedFrameLog
{
    /// <summary>The filters that make ffmpeg print what this class reads.</summary>
    public const string Filters = "settb=AVTB,showinfo=checksum=0";

    private readonly List<long> _microseconds = [];

    /// <summary>Time stamps in the order in which the frames came, in microseconds.</summary>
    public IReadOnlyList<long> Microseconds => _microseconds;

    /// <summary>Takes one line of ffmpeg's standard error.</summary>
    /// <param name="line">The line.</param>
    public void Add(string line)
    {
        Match match = FrameLine().Match(line);
        if (match.Success)
        {
            _microseconds.Add(long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        }
    }

    [GeneratedRegex(@"^\[Parsed_showinfo_\d+ @ [^\]]*\] n: *\d+ pts: *(-?\d+) ", RegexOptions.CultureInvariant)]
    private static partial Regex FrameLine();
}
