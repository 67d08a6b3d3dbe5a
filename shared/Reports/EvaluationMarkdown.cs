using System.Globalization;
using System.Text;
using CloudPipe.Evaluation;
using CloudPipe.Metrics;

namespace CloudPipe.Reports;

/// <summary>An evaluation's table of average precision per class, in Markdown: what a terminal shows and a page quotes.</summary>
public static class EvaluationMarkdown
{
    /// <summary>Writes the table.</summary>
    /// <param name="release">The release's name.</param>
    /// <param name="report">The evaluation.</param>
    /// <returns>Markdown.</returns>
    public static string Write(string release, EvaluationReport report)
    {
        EnsembleScore ensemble = report.RecommendedEnsemble();
        bool severalNetworks = report.Models.Count > 1;
        AveragePrecisionReport[] outOfFold = [.. report.Models.Select(model => model.Pooled), .. severalNetworks ? [ensemble.Pooled] : Array.Empty<AveragePrecisionReport>()];
        string[] names = [.. report.Models.Select(model => $"{model.Architecture}, out of fold"), .. severalNetworks ? ["ensemble, out of fold"] : Array.Empty<string>()];
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Release {release}\n\nAverage precision in percent, as scikit-learn computes it. Out of fold: each clip scored by the networks that did not train on it.");
        text.Append(ensemble.EvaluationSet is null ? "\n\n" : " Evaluation: clips that no fold has seen, scored by the release.\n\n");
        Row(["class", "clips", .. names], ensemble.EvaluationSet is null ? [] : ["evaluation clips", "release, evaluation"]);
        Row(["---", "---:", .. names.Select(_ => "---:")], ensemble.EvaluationSet is null ? [] : ["---:", "---:"]);
        foreach (ClassScore entry in report.Classes)
        {
            ClassAveragePrecision? evaluated = ensemble.EvaluationSet?.Classes[entry.Index];
            Row(
                [$"{entry.Index} {report.Taxonomy.Classes[entry.Index].Code} {report.Taxonomy.Classes[entry.Index].Name}", Number(entry.Positives), .. outOfFold.Select(column => Percent(column.Classes[entry.Index]))],
                evaluated is null ? [] : [Number(evaluated.Positives), Percent(evaluated)]);
        }

        Row(
            ["**mean**", Number(report.Samples), .. outOfFold.Select(column => $"**{Percent(column.Macro)}**")],
            ensemble.EvaluationSet is null ? [] : [Number(report.EvaluationSamples!.Value), $"**{Percent(ensemble.EvaluationSet.Macro)}**"]);
        return text.ToString();

        void Row(IEnumerable<string> cells, IEnumerable<string> evaluation) => text.Append("| ").AppendJoin(" | ", cells.Concat(evaluation)).Append(" |\n");
    }

    private static string Percent(ClassAveragePrecision precision) => precision.Positives == 0 ? "–" : Percent(precision.Value);

    private static string Percent(double value) => (100 * value).ToString("F1", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
