using System.Text;
using CloudPipe.Metrics;
using static CloudPipe.Reports.ReportText;

namespace CloudPipe.Reports;

/// <summary>Two reliability curves as SVG: what was said along the bottom, what was so up the side; a point's area is its share of the samples.</summary>
internal static class ReliabilityChart
{
    private const double Left = 44;
    private const double Side = 360;
    private const double Top = 10;

    // The smallest and largest radius of a point.
    private const double Smallest = 2.5;
    private const double Largest = 9;

    public static void Append(StringBuilder html, ReliabilityCurve before, ReliabilityCurve after)
    {
        html.Append($"<svg class=\"chart\" viewBox=\"0 0 {Left + Side + 14} {Top + Side + 46}\" role=\"img\" aria-labelledby=\"reliability-title\"><title id=\"reliability-title\">")
            .Append($"Reliability: expected calibration error {Escape(Percent(before.ExpectedError))} before and {Escape(Percent(after.ExpectedError))} after temperatures</title>");
        for (int tick = 0; tick <= 5; tick++)
        {
            double at = tick / 5.0;
            html.Append($"<line class=\"rule\" x1=\"{X(0)}\" x2=\"{X(1)}\" y1=\"{Y(at):0.##}\" y2=\"{Y(at):0.##}\"/><line class=\"rule\" x1=\"{X(at):0.##}\" x2=\"{X(at):0.##}\" y1=\"{Y(0)}\" y2=\"{Y(1)}\"/>")
                .Append($"<text class=\"tick\" text-anchor=\"end\" x=\"{Left - 8}\" y=\"{Y(at) + 4:0.##}\">{at * 100:0}</text><text class=\"tick\" text-anchor=\"middle\" x=\"{X(at):0.##}\" y=\"{Y(0) + 18:0.##}\">{at * 100:0}</text>");
        }

        html.Append($"<line class=\"ideal\" x1=\"{X(0)}\" y1=\"{Y(0)}\" x2=\"{X(1)}\" y2=\"{Y(1)}\"/>")
            .Append($"<text class=\"tick\" text-anchor=\"middle\" x=\"{X(0.5):0.##}\" y=\"{Y(0) + 38:0.##}\">probability said, %</text>")
            .Append($"<text class=\"tick\" text-anchor=\"middle\" transform=\"translate(11 {Y(0.5):0.##}) rotate(-90)\">share that was so, %</text>");
        AppendCurve(html, before, "before");
        AppendCurve(html, after, "after");
        html.Append("</svg>");
    }

    private static void AppendCurve(StringBuilder html, ReliabilityCurve curve, string css)
    {
        long samples = Math.Max(curve.Bins.Sum(bin => (long)bin.Count), 1);
        html.Append($"<polyline class=\"{css}\" points=\"{string.Join(' ', curve.Bins.Select(bin => $"{X(bin.MeanProbability):0.##},{Y(bin.PositiveShare):0.##}"))}\"/>");
        foreach (ReliabilityBin bin in curve.Bins)
        {
            double radius = Smallest + ((Largest - Smallest) * Math.Sqrt(bin.Count / (double)samples));
            html.Append($"<circle class=\"{css}\" cx=\"{X(bin.MeanProbability):0.##}\" cy=\"{Y(bin.PositiveShare):0.##}\" r=\"{radius:0.##}\">")
                .Append($"<title>{bin.Count} said at {Escape(Percent(bin.MeanProbability))}, so in {Escape(Percent(bin.PositiveShare))}</title></circle>");
        }
    }

    private static double X(double share) => Left + (share * Side);

    private static double Y(double share) => Top + ((1 - share) * Side);
}
