using System.Globalization;
using System.Text;
using CloudPipe.Datasets;
using CloudPipe.Inspections;
using CloudPipe.Labels;
using static CloudPipe.Reports.ReportText;

namespace CloudPipe.Reports;

/// <summary>
/// Writes a data set's report: one HTML file that needs nothing else, loads nothing and runs nothing. A pure function: the
/// same statistics give the same bytes.
/// </summary>
public static class DatasetReportWriter
{
    // A longer list is read in report.json.
    private const int MostSkipped = 200;

    /// <summary>Writes the report.</summary>
    /// <param name="statistics">What to show.</param>
    /// <returns>HTML in UTF-8.</returns>
    public static byte[] Write(DatasetStatistics statistics)
    {
        var html = new StringBuilder(64 * 1024);
        html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"{ReportStyle.Policy}\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">")
            .Append($"<title>{Escape(statistics.Name)} – data set report</title><style>{ReportStyle.Css}</style></head><body><main>")
            .Append($"<header><p class=\"eyebrow\">Data set report</p><h1>{Escape(statistics.Name)}</h1>")
            .Append($"<p class=\"verdict\">{Escape(Summary(statistics))}</p></header>");
        AppendFacts(html, statistics);
        AppendClasses(html, statistics);
        AppendTogether(html, statistics);
        html.Append("<div class=\"pair\">");
        AppendLabelsPerSample(html, statistics);
        AppendLengths(html, statistics);
        html.Append("</div>");
        AppendFolds(html, statistics);
        AppendSkipped(html, statistics);
        html.Append("</main></body></html>\n");
        return Encoding.UTF8.GetBytes(html.ToString());
    }

    private static string Summary(DatasetStatistics statistics)
    {
        int empty = statistics.Classes.Count(entry => entry.Samples == 0);
        string missing = empty > 0 ? $", {empty} of them without a sample" : "";
        return $"{Number(statistics.Samples)} samples of {statistics.Classes.Count} classes{missing}";
    }

    private static void AppendFacts(StringBuilder html, DatasetStatistics statistics)
    {
        DatasetCut cut = statistics.Cut;
        var facts = new List<(string Name, string Value)>
        {
            ("Labels", $"{statistics.Format switch { DatasetFormat.QvPipe => "QV-Pipe", DatasetFormat.CctvPipe => "CCTV-Pipe", DatasetFormat.SewerMl => "Sewer-ML", _ => "table" }}, classes of {statistics.Taxonomy}"),
            ("Frames of a video", $"{cut.Frames}, {cut.Sampling switch { FrameSampling.Uniform => "uniform", FrameSampling.Sequence => "in sequence", _ => "dense" }}, for a grid of {cut.Grid} × {cut.Grid}"),
            ("Tile", $"{cut.TileSize} × {cut.TileSize}"),
            ("Stored", statistics.Bytes >= 1e9 ? string.Create(CultureInfo.InvariantCulture, $"{statistics.Bytes / 1e9:0.0} GB") : string.Create(CultureInfo.InvariantCulture, $"{statistics.Bytes / 1e6:0.0} MB")),
        };
        if (statistics.Images > 0)
            facts.Add(("Images", Number(statistics.Images)));
        if (statistics.Seconds > 0)
        {
            facts.Add(("Video", $"{Time(statistics.Seconds)} in all"));
            facts.Add(("Median length", $"{FrameTime(statistics.MedianSeconds)}"));
        }

        if (statistics.Skipped.Count > 0)
            facts.Add(("Left out", Number(statistics.Skipped.Count)));

        html.Append("<section aria-labelledby=\"facts\"><h2 id=\"facts\">What it is</h2><dl class=\"facts\">");
        foreach ((string name, string value) in facts)
            html.Append($"<div><dt>{Escape(name)}</dt><dd>{Escape(value)}</dd></div>");

        html.Append("</dl></section>");
    }

    private static void AppendClasses(StringBuilder html, DatasetStatistics statistics)
    {
        double most = Math.Max(statistics.Classes.Max(entry => entry.Samples), 1);
        html.Append("<section aria-labelledby=\"classes\"><h2 id=\"classes\">Samples per class</h2><div class=\"scroll\"><table>")
            .Append("<thead><tr><th scope=\"col\">Class</th><th scope=\"col\">Kind</th><th scope=\"col\" class=\"bar\"><span class=\"hidden\">Bar</span></th><th scope=\"col\" class=\"number\">Samples</th><th scope=\"col\" class=\"number\">Of all</th></tr></thead><tbody>");
        foreach (ClassStatistics entry in statistics.Classes)
        {
            html.Append($"<tr><th scope=\"row\">{entry.Index} {Escape(entry.Code)} {Escape(entry.Name)}</th><td class=\"{Css(entry.Kind)}\">{entry.Kind}</td>")
                .Append("<td class=\"bar\"><svg viewBox=\"0 0 200 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" width=\"200\" height=\"16\" rx=\"3\"/>")
                .Append($"<rect class=\"{Css(entry.Kind)}\" width=\"{200 * entry.Samples / most:0.##}\" height=\"16\" rx=\"3\"/></svg></td>")
                .Append($"<td class=\"number\">{Number(entry.Samples)}</td><td class=\"number\">{Escape(Percent(entry.Share))}</td></tr>");
        }

        html.Append("</tbody></table></div></section>");
    }

    private static void AppendTogether(StringBuilder html, DatasetStatistics statistics)
    {
        html.Append("<section aria-labelledby=\"together\"><h2 id=\"together\">Classes that stand together</h2><div class=\"scroll\">");
        CoOccurrenceChart.Append(html, statistics);
        html.Append("</div><p class=\"note\">A row's figures count its samples that have the column's class too; the stronger the colour, the larger their share of the row. On the diagonal: all samples of the class.</p></section>");
    }

    private static void AppendLabelsPerSample(StringBuilder html, DatasetStatistics statistics)
    {
        html.Append("<section aria-labelledby=\"labels\"><h2 id=\"labels\">Classes per sample</h2>");
        ColumnChart.Append(html, "labels", "How many samples have how many classes", [.. statistics.LabelsPerSample.Select((count, labels) => ($"{labels}", count))]);
        double mean = statistics.LabelsPerSample.Select((count, labels) => (double)count * labels).Sum() / Math.Max(statistics.Samples, 1);
        html.Append(CultureInfo.InvariantCulture, $"<p class=\"note\">Number of classes, and samples that have as many; {mean:0.00} on average.</p></section>");
    }

    private static void AppendLengths(StringBuilder html, DatasetStatistics statistics)
    {
        if (statistics.Lengths.Count == 0)
            return;

        html.Append("<section aria-labelledby=\"lengths\"><h2 id=\"lengths\">Lengths</h2>");
        ColumnChart.Append(html, "lengths", "How many samples are how long", [.. statistics.Lengths.Select(bin => (bin.ToSeconds is null ? $"≥ {Seconds(bin.FromSeconds)}" : Seconds(bin.FromSeconds), bin.Samples))]);
        string last = statistics.Lengths[^1] is { ToSeconds: null, FromSeconds: var from, Samples: var longer } ? $" The last bar has all {Number(longer)} from {Seconds(from)} on." : "";
        html.Append($"<p class=\"note\">From so many seconds on, a bar each {Seconds((statistics.Lengths[0].ToSeconds ?? 0) - statistics.Lengths[0].FromSeconds)}.{last}</p></section>");
    }

    private static void AppendFolds(StringBuilder html, DatasetStatistics statistics)
    {
        if (statistics.Folds is not FoldStatistics folds)
            return;

        html.Append("<section aria-labelledby=\"folds\"><h2 id=\"folds\">Folds</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Class</th>");
        for (int fold = 0; fold < folds.Sizes.Count; fold++)
            html.Append($"<th scope=\"col\" class=\"number\">Fold {fold}</th>");

        html.Append("<th scope=\"col\" class=\"number\">Most − least</th></tr></thead><tbody>");
        AppendFoldRow(html, "All samples", folds.Sizes);
        foreach (ClassStatistics entry in statistics.Classes)
            AppendFoldRow(html, $"{entry.Code} {entry.Name}", folds.ClassCounts[entry.Index]);

        html.Append("</tbody></table></div>")
            .Append(CultureInfo.InvariantCulture, $"<p class=\"note\">Label distribution {folds.LabelDistribution:0.00000}, examples distribution {folds.ExamplesDistribution:0.00} (Sechidis et al. 2011); 0 is perfect.</p></section>");
    }

    private static void AppendFoldRow(StringBuilder html, string name, IReadOnlyList<int> counts)
    {
        html.Append($"<tr><th scope=\"row\">{Escape(name)}</th>");
        foreach (int count in counts)
            html.Append($"<td class=\"number\">{Number(count)}</td>");

        html.Append($"<td class=\"number\">{Number(counts.Max() - counts.Min())}</td></tr>");
    }

    private static void AppendSkipped(StringBuilder html, DatasetStatistics statistics)
    {
        if (statistics.Skipped.Count == 0)
            return;

        html.Append("<section aria-labelledby=\"skipped\"><h2 id=\"skipped\">Left out</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Sample</th><th scope=\"col\">Why</th></tr></thead><tbody>");
        foreach (SkippedSample sample in statistics.Skipped.Take(MostSkipped))
            html.Append($"<tr><th scope=\"row\">{Escape(sample.Name)}</th><td>{Escape(sample.Reason)}</td></tr>");

        html.Append("</tbody></table></div>");
        if (statistics.Skipped.Count > MostSkipped)
            html.Append($"<p class=\"note\">{Number(statistics.Skipped.Count - MostSkipped)} more stand in report.json.</p>");

        html.Append("</section>");
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Seconds(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");
}
