using CloudPipe.Evaluation;
using CloudPipe.Reports;
using CloudPipe.Shared.Tests.Evaluation;

namespace CloudPipe.Shared.Tests.Reports;

public class EvaluationMarkdownTests
{
    [Fact]
    public void Every_class_has_its_row_and_every_network_its_column()
    {
        EvaluationReport report = RunEvaluation.Evaluate(SyntheticRun.Create(200, [1.5, 2.5], evaluationSamples: 40));
        EnsembleScore ensemble = report.RecommendedEnsemble();

        string[] rows = [.. EvaluationMarkdown.Write("run-7", report).Split('\n').Where(line => line.StartsWith('|'))];

        Assert.Equal(report.Taxonomy.Count + 3, rows.Length);
        Assert.Equal($"| class | clips | {report.Models[0].Architecture}, out of fold | {report.Models[1].Architecture}, out of fold | ensemble, out of fold | evaluation clips | release, evaluation |", rows[0]);
        Assert.StartsWith($"| 2 {report.Taxonomy.Classes[2].Code} {report.Taxonomy.Classes[2].Name} | {report.Classes[2].Positives} | {Percent(report.Models[0].Pooled.Classes[2].Value)} |", rows[4], StringComparison.Ordinal);
        Assert.Equal(
            $"| **mean** | 200 | **{Percent(report.Models[0].Pooled.Macro)}** | **{Percent(report.Models[1].Pooled.Macro)}** | **{Percent(ensemble.Pooled.Macro)}** | 40 | **{Percent(ensemble.EvaluationSet!.Macro)}** |",
            rows[^1]);
    }

    [Fact]
    public void One_network_is_its_own_ensemble_and_an_absent_class_has_no_figure()
    {
        EvaluationReport report = RunEvaluation.Evaluate(SyntheticRun.Create(200, [1.5]));
        ModelScore model = report.Models[0];
        EvaluationReport bare = report with
        {
            Models = [model with { Pooled = model.Pooled with { Classes = [.. model.Pooled.Classes.Select(entry => entry.ClassIndex == 1 ? entry with { Positives = 0 } : entry)] } }],
        };

        string[] rows = [.. EvaluationMarkdown.Write("run-7", bare).Split('\n').Where(line => line.StartsWith('|'))];

        Assert.Equal($"| class | clips | {model.Architecture}, out of fold |", rows[0]);
        Assert.EndsWith("| – |", rows[3], StringComparison.Ordinal);
    }

    private static string Percent(double value) => (100 * value).ToString("F1", System.Globalization.CultureInfo.InvariantCulture);
}
