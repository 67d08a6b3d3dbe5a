using System.Text;
using CloudPipe.Evaluation;
using CloudPipe.Labels;
using static CloudPipe.Reports.ReportText;

namespace CloudPipe.Reports;

/// <summary>Co-errors as SVG: a row per class that is there, a column per class that is wrongly said while it is missed.</summary>
internal static class ConfusionChart
{
    private const double Left = 200;
    private const double Cell = 40;
    private const double Height = 26;
    private const double Top = 26;

    // A number is not read below this size.
    private const double FaintestOpacity = 0.08;

    public static void Append(StringBuilder html, EvaluationReport report)
    {
        int count = report.Taxonomy.Count;
        html.Append($"<svg class=\"timeline chart\" viewBox=\"0 0 {Left + (Cell * (count + 2))} {Top + (Height * count) + 4}\" role=\"img\" aria-labelledby=\"confusion-title\"><title id=\"confusion-title\">")
            .Append("Which classes are taken for which others; the file confusion.csv has the figures</title>");
        for (int c = 0; c < count; c++)
            html.Append($"<text class=\"tick\" text-anchor=\"middle\" x=\"{X(c) + (Cell / 2):0.##}\" y=\"17\">{Escape(report.Taxonomy.Classes[c].Code)}</text>");

        html.Append($"<text class=\"tick\" text-anchor=\"middle\" x=\"{X(count) + Cell:0.##}\" y=\"17\">nothing</text>");
        for (int row = 0; row < count; row++)
            AppendRow(html, report, row);

        html.Append("</svg>");
    }

    private static void AppendRow(StringBuilder html, EvaluationReport report, int row)
    {
        DefectClass there = report.Taxonomy.Classes[row];
        int positives = Math.Max(report.Classes[row].Positives, 1);
        html.Append($"<text text-anchor=\"end\" x=\"{Left - 12}\" y=\"{Y(row) + 17:0.##}\">{Escape(there.Code)} {Escape(there.Name)}</text>");
        for (int column = 0; column < report.Taxonomy.Count; column++)
        {
            string said = $"{Escape(report.Taxonomy.Classes[column].Code)} {Escape(report.Taxonomy.Classes[column].Name)}";
            AppendCell(html, X(column), Y(row), report.CoErrors.Counts[row][column], positives, row == column ? "found" : "taken",
                row == column ? $"{said}: found" : $"{Escape(there.Code)} {Escape(there.Name)} missed, {said} said");
        }

        AppendCell(html, X(report.Taxonomy.Count) + (Cell / 2), Y(row), report.CoErrors.Silent[row], positives, "silent", $"{Escape(there.Code)} {Escape(there.Name)} missed, nothing said wrongly");
    }

    private static void AppendCell(StringBuilder html, double x, double y, int count, int positives, string css, string what)
    {
        html.Append($"<rect class=\"track\" x=\"{x + 1:0.##}\" y=\"{y + 1:0.##}\" width=\"{Cell - 2}\" height=\"{Height - 2}\" rx=\"3\"/>");
        if (count == 0)
            return;

        double share = Math.Min(count / (double)positives, 1);
        html.Append($"<g><title>{what}: {count} ({Escape(Percent(share))})</title><rect class=\"{css}\" fill-opacity=\"{Math.Max(share, FaintestOpacity) * 0.85:0.###}\" x=\"{x + 1:0.##}\" y=\"{y + 1:0.##}\" width=\"{Cell - 2}\" height=\"{Height - 2}\" rx=\"3\"/>")
            .Append($"<text text-anchor=\"middle\" x=\"{x + (Cell / 2):0.##}\" y=\"{y + 17:0.##}\">{count}</text></g>");
    }

    private static double X(int column) => Left + (column * Cell);

    private static double Y(int row) => Top + (row * Height);
}
