using System.Net;
using CloudPipe.Labels;

namespace CloudPipe.Reports;

/// <summary>How a report writes times, shares and text from outside.</summary>
internal static class ReportText
{
    /// <summary>Text from outside, safe in an element and in a quoted attribute.</summary>
    public static string Escape(string? text) => WebUtility.HtmlEncode(text ?? "");

    /// <summary>A share of 0..1 in per cent. Never rounded up to certainty.</summary>
    public static string Percent(double share) => share switch
    {
        > 0.999 and < 1 => ">\u00a099.9\u00a0%",
        > 0 and < 0.001 => "<\u00a00.1\u00a0%",
        _ => $"{share * 100:0.0}\u00a0%",
    };

    /// <summary>A time in the video: 1:05, 2:01:05.</summary>
    public static string Time(double seconds)
    {
        long whole = (long)Math.Round(seconds);
        return whole >= 3600 ? $"{whole / 3600}:{whole / 60 % 60:00}:{whole % 60:00}" : $"{whole / 60}:{whole % 60:00}";
    }

    /// <summary>A span of the video, kept on one line by word joiners.</summary>
    public static string Span(double start, double end) => $"{Time(start)}\u2060–\u2060{Time(end)}";

    /// <summary>A frame's time, with tenths.</summary>
    public static string FrameTime(double seconds)
    {
        long tenths = (long)Math.Round(seconds * 10);
        return $"{Time(tenths / 10)}.{tenths % 10}";
    }

    /// <summary>A name that fits beside a chart.</summary>
    public static string Shorten(string name) => name.Length <= 22 ? name : name[..21] + "…";

    /// <summary>A kind's class in the style sheet.</summary>
    public static string Css(DefectKind kind) => kind.ToString().ToLowerInvariant();
}
