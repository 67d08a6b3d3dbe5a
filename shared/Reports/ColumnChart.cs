using System.Text;
using static CloudPipe.Reports.ReportText;

namespace CloudPipe.Reports;

/// <summary>Counts as upright bars, as SVG.</summary>
internal static class ColumnChart
{
    private const double Width = 480;
    private const double Height = 210;
    private const double Top = 18;
    private const double Bottom = 24;
    private const double LabelWidth = 34;

    public static void Append(StringBuilder html, string id, string title, IReadOnlyList<(string Label, int Count)> columns)
    {
        double column = Width / columns.Count;
        double most = Math.Max(columns.Max(entry => entry.Count), 1);
        double plot = Height - Top - Bottom;
        int labelEvery = (int)Math.Ceiling(LabelWidth / column);
        html.Append($"<svg class=\"columns\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-labelledby=\"{id}-title\"><title id=\"{id}-title\">{Escape(title)}</title>");
        foreach ((int index, (string label, int count)) in columns.Index())
        {
            double height = count / most * plot;
            double middle = (index + 0.5) * column;
            html.Append($"<g><title>{Escape(label)}: {count}</title><rect class=\"functional\" x=\"{(index * column) + 1.5:0.##}\" y=\"{Top + plot - height:0.##}\" width=\"{column - 3:0.##}\" height=\"{height:0.##}\" rx=\"2\"/>");
            if (count > 0 && (labelEvery == 1 || count == columns.Max(entry => entry.Count)))
                html.Append($"<text text-anchor=\"middle\" x=\"{middle:0.##}\" y=\"{Top + plot - height - 4:0.##}\">{count}</text>");

            if (index % labelEvery == 0)
                html.Append($"<text class=\"tick\" text-anchor=\"middle\" x=\"{middle:0.##}\" y=\"{Height - 7}\">{Escape(label)}</text>");

            html.Append("</g>");
        }

        html.Append($"<line class=\"rule\" x1=\"0\" x2=\"{Width}\" y1=\"{Top + plot:0.##}\" y2=\"{Top + plot:0.##}\"/></svg>");
    }
}
