using System.Text;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using static CloudPipe.Reports.ReportText;

namespace CloudPipe.Reports;

/// <summary>The defect timeline as SVG: a heat strip per class over the video's time.</summary>
internal static class TimelineChart
{
    // Below it a cell could not be told from its background.
    private const double Faintest = 0.03;

    // A class that stays below it throughout gets no strip.
    private const double LeastOfClass = 0.05;

    private const double Left = 190;
    private const double Width = 1000;

    // Half a time label.
    private const double RightMargin = 24;

    private const double RowHeight = 26;
    private const double StripHeight = 20;
    private const double MarkHeight = 7;

    /// <summary>The classes that get a strip, in the taxonomy's order.</summary>
    public static IReadOnlyList<int> Rows(IReadOnlyList<SegmentScore> segments, Taxonomy taxonomy) =>
        [.. Enumerable.Range(0, taxonomy.Count).Where(c => segments.Any(segment => segment.Probabilities[c] >= LeastOfClass))];

    /// <summary>Appends it; segments less familiar than the threshold are marked at the top.</summary>
    public static void Append(StringBuilder html, IReadOnlyList<SegmentScore> segments, Taxonomy taxonomy, double? familiarityThreshold)
    {
        IReadOnlyList<int> rows = Rows(segments, taxonomy);
        double start = segments[0].StartSeconds;
        double end = Math.Max(segments[^1].EndSeconds, start + 0.001);
        double X(double seconds) => Left + ((seconds - start) / (end - start) * (Width - Left - RightMargin));
        SegmentScore[] unfamiliar = [.. segments.Where(segment => segment.Familiarity < familiarityThreshold)];
        double top = unfamiliar.Length > 0 ? RowHeight / 2 : 0;
        double bottom = top + (rows.Count * RowHeight);

        html.Append($"<svg class=\"timeline\" viewBox=\"0 0 {Width} {bottom + 26}\" role=\"img\" aria-labelledby=\"timeline-title\"><title id=\"timeline-title\">")
            .Append($"Probability of {rows.Count} classes over {segments.Count} segments from {Time(start)} to {Time(end)}; the table below has the figures</title>");
        for (int row = 0; row < rows.Count; row++)
            AppendRow(html, segments, taxonomy.Classes[rows[row]], rows[row], top + (row * RowHeight), X);

        foreach (SegmentScore segment in unfamiliar)
        {
            html.Append($"<rect class=\"unfamiliar\" x=\"{X(segment.StartSeconds):0.##}\" y=\"0\" width=\"{Math.Max(X(segment.EndSeconds) - X(segment.StartSeconds), 0.5):0.##}\" height=\"{MarkHeight}\">")
                .Append($"<title>{Span(segment.StartSeconds, segment.EndSeconds)}: unlike what the release was trained on</title></rect>");
        }

        foreach (double tick in Ticks(start, end))
        {
            html.Append($"<line class=\"rule\" x1=\"{X(tick):0.##}\" x2=\"{X(tick):0.##}\" y1=\"0\" y2=\"{bottom + 6:0.##}\"/>")
                .Append($"<text class=\"tick\" text-anchor=\"middle\" x=\"{X(tick):0.##}\" y=\"{bottom + 21:0.##}\">{Time(tick)}</text>");
        }

        html.Append("</svg>");
    }

    private static void AppendRow(StringBuilder html, IReadOnlyList<SegmentScore> segments, DefectClass entry, int index, double y, Func<double, double> x)
    {
        double first = x(segments[0].StartSeconds);
        html.Append($"<text text-anchor=\"end\" x=\"{Left - 12}\" y=\"{y + 15:0.##}\">{Escape(entry.Code)} {Escape(Shorten(entry.Name))}</text>")
            .Append($"<rect class=\"track\" x=\"{first:0.##}\" y=\"{y:0.##}\" width=\"{x(segments[^1].EndSeconds) - first:0.##}\" height=\"{StripHeight}\" rx=\"3\"/>");
        foreach (SegmentScore segment in segments.Where(segment => segment.Probabilities[index] >= Faintest))
        {
            double probability = segment.Probabilities[index];
            double left = x(segment.StartSeconds);
            html.Append($"<rect class=\"{Css(entry.Kind)}\" fill-opacity=\"{probability:0.###}\" x=\"{left:0.##}\" y=\"{y:0.##}\" width=\"{Math.Max(x(segment.EndSeconds) - left, 0.5):0.##}\" height=\"{StripHeight}\">")
                .Append($"<title>{Escape(entry.Code)} {Escape(entry.Name)}, {Span(segment.StartSeconds, segment.EndSeconds)}: {Escape(Percent(probability))}</title></rect>");
        }
    }

    private static IEnumerable<double> Ticks(double start, double end)
    {
        double[] steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];
        double step = steps.FirstOrDefault(candidate => (end - start) / candidate <= 10, (end - start) / 5);
        for (double tick = Math.Ceiling(start / step) * step; tick <= end + (step * 1e-6); tick += step)
            yield return tick;
    }
}
