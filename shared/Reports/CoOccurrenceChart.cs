using System.Text;
using CloudPipe.Datasets;
using static CloudPipe.Reports.ReportText;

namespace CloudPipe.Reports;

/// <summary>How often classes stand together, as SVG: a row's cells show what else its samples have.</summary>
internal static class CoOccurrenceChart
{
    // The strongest cell still leaves its figure readable, by day and by night.
    private const double Strongest = 0.6;

    private const double Left = 190;
    private const double Width = 1000;
    private const double Top = 30;
    private const double RowHeight = 27;

    public static void Append(StringBuilder html, DatasetStatistics statistics)
    {
        IReadOnlyList<ClassStatistics> classes = statistics.Classes;
        double cell = (Width - Left) / classes.Count;
        double largestShare = classes.SelectMany(row => classes.Where(column => column.Index != row.Index).Select(column => Share(statistics, row, column))).DefaultIfEmpty(0).Max();
        double bottom = Top + (classes.Count * RowHeight);
        html.Append($"<svg class=\"timeline\" viewBox=\"0 0 {Width} {bottom:0.##}\" role=\"img\" aria-labelledby=\"together-title\"><title id=\"together-title\">")
            .Append($"How many samples have both of two classes, for {classes.Count} classes</title>");
        foreach (ClassStatistics column in classes)
            html.Append($"<text class=\"tick\" text-anchor=\"middle\" x=\"{Left + ((column.Index + 0.5) * cell):0.##}\" y=\"{Top - 10}\">{Escape(column.Code)}</text>");

        foreach (ClassStatistics row in classes)
        {
            double y = Top + (row.Index * RowHeight);
            html.Append($"<text text-anchor=\"end\" x=\"{Left - 12}\" y=\"{y + 18:0.##}\">{Escape(row.Code)} {Escape(Shorten(row.Name))}</text>");
            foreach (ClassStatistics column in classes)
                AppendCell(html, statistics, row, column, Left + (column.Index * cell), y, cell, largestShare);
        }

        html.Append("</svg>");
    }

    private static void AppendCell(StringBuilder html, DatasetStatistics statistics, ClassStatistics row, ClassStatistics column, double x, double y, double cell, double largestShare)
    {
        int together = statistics.CoOccurrence[row.Index][column.Index];
        double share = Share(statistics, row, column);
        string place = $"x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{cell - 2:0.##}\" height=\"{RowHeight - 2}\" rx=\"2\"";
        html.Append($"<g><rect class=\"track\" {place}/>");
        if (row.Index != column.Index && together > 0)
        {
            html.Append($"<rect class=\"functional\" fill-opacity=\"{Strongest * share / largestShare:0.###}\" {place}/>")
                .Append($"<title>{Escape(row.Code)} {Escape(row.Name)} and {Escape(column.Code)} {Escape(column.Name)}: {together}, {Escape(Percent(share))} of {Escape(row.Code)}</title>");
        }

        if (together > 0)
            html.Append($"<text{(row.Index == column.Index ? " class=\"own\"" : "")} text-anchor=\"middle\" x=\"{x + (cell / 2) - 1:0.##}\" y=\"{y + 17:0.##}\">{together}</text>");

        html.Append("</g>");
    }

    private static double Share(DatasetStatistics statistics, ClassStatistics row, ClassStatistics column) =>
        row.Samples == 0 ? 0 : statistics.CoOccurrence[row.Index][column.Index] / (double)row.Samples;
}
