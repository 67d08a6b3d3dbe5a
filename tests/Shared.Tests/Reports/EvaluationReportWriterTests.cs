using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using CloudPipe.Evaluation;
using CloudPipe.Reports;
using CloudPipe.Shared.Tests.Evaluation;

namespace CloudPipe.Shared.Tests.Reports;

public partial class EvaluationReportWriterTests
{
    private static readonly EvaluationReport _report = RunEvaluation.Evaluate(SyntheticRun.Create(200, [1.5, 2.5], evaluationSamples: 40));
    private static readonly string _html = Encoding.UTF8.GetString(EvaluationReportWriter.Write("run-7", _report));

    [Fact]
    public void It_needs_nothing_and_runs_nothing()
    {
        string css = _html[(_html.IndexOf("<style>", StringComparison.Ordinal) + 7).._html.IndexOf("</style>", StringComparison.Ordinal)];

        Assert.Contains($"style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)))}'", _html);
        Assert.DoesNotMatch(Loading(), _html);
        Assert.DoesNotContain("style=", _html);
    }

    [Fact]
    public void It_is_well_formed()
    {
        // XML but for the document type and two kinds of element that HTML leaves open.
        string xml = Regex.Replace(_html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal), "<(meta|br)([^>]*)>", "<$1$2/>").Replace(" open>", " open=\"\">", StringComparison.Ordinal);

        Assert.Equal("html", System.Xml.Linq.XDocument.Parse(xml).Root!.Name.LocalName);
    }

    [Fact]
    public void It_has_every_part_with_its_figures()
    {
        Assert.All(["ensembles", "models", "classes", "calibration", "rule", "confusion", "folds"], id => Assert.Contains($"<h2 id=\"{id}\">", _html));
        Assert.Contains($"<td class=\"number\">{_report.Models[1].Pooled.Macro * 100:0.0}</td>", _html);
        Assert.Contains($"<td class=\"number\">{_report.Classes[3].Threshold:0.000}</td>", _html);
        Assert.Contains("Fold 4</th>", _html);
        Assert.Equal(_report.Calibration.CurveBefore.Bins.Count + _report.Calibration.CurveAfter.Bins.Count, Regex.Count(_html, "<circle class=\"(before|after)\" cx=\"[0-9.]+\" cy=\"[0-9.]+\" r=\"[0-9.]+\"><title>"));
        Assert.Contains("40 clips that no network has seen", _html);
    }

    [Fact]
    public void Without_an_evaluation_set_and_a_normal_class_their_parts_are_left_out()
    {
        EvaluationReport bare = _report with
        {
            EvaluationSamples = null,
            NormalRule = [],
            Taxonomy = _report.Taxonomy with { NormalIndex = null },
        };

        string html = Encoding.UTF8.GetString(EvaluationReportWriter.Write("run-7", bare));

        Assert.DoesNotContain("Unseen clips", html);
        Assert.DoesNotContain("id=\"rule\"", html);
    }

    [Fact]
    public void Names_from_outside_stay_text()
    {
        const string Attack = "<script>alert(1)</script>\"'&";
        EvaluationReport attacked = _report with
        {
            Taxonomy = _report.Taxonomy with { Classes = [.. _report.Taxonomy.Classes.Select(entry => entry with { Code = entry.Code + Attack, Name = Attack })] },
            Models = [.. _report.Models.Select(model => model with { Architecture = Attack })],
            Folds = [.. _report.Folds.Select(fold => fold with { Architecture = Attack })],
        };

        string html = Encoding.UTF8.GetString(EvaluationReportWriter.Write(Attack, attacked));

        Assert.DoesNotContain("<script", html);
        Assert.DoesNotContain("\"'&\"", html);
    }

    [Fact]
    public void The_tables_are_csv_with_all_digits()
    {
        EvaluationReport quoted = _report with { Taxonomy = _report.Taxonomy with { Classes = [_report.Taxonomy.Classes[0] with { Name = "normal, \"clean\"" }, .. _report.Taxonomy.Classes.Skip(1)] } };

        IReadOnlyDictionary<string, byte[]> tables = EvaluationTables.Write(quoted);

        string[] classes = Lines("classes.csv");
        Assert.Equal(18, classes.Length);
        Assert.StartsWith($"ZC,\"normal, \"\"clean\"\"\",{_report.Classes[0].Positives},{_report.Classes[0].AveragePrecision:R},", classes[1]);
        Assert.Equal(1 + (2 * 5 * 17), Lines("folds.csv").Length);
        Assert.Equal(1 + 2, Lines("models.csv").Length);
        Assert.StartsWith("equal,", Lines("ensembles.csv")[1]);
        Assert.StartsWith("byScore,", Lines("ensembles.csv")[2]);
        Assert.Equal(18, Lines("confusion.csv").Length);
        Assert.Equal(1 + _report.NormalRule.Count, Lines("normal-rule.csv").Length);
        Assert.Equal(1 + _report.Calibration.CurveBefore.Bins.Count + _report.Calibration.CurveAfter.Bins.Count, Lines("reliability.csv").Length);
        Assert.All(tables.Keys.Where(name => name != "classes.csv"), name => Assert.Single(Lines(name).Select(line => line.Count(character => character == ',')).Distinct()));

        string[] Lines(string name) => Encoding.UTF8.GetString(tables[name]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex("(src|href|action)\\s*=\\s*\"|url\\(|@import|<script|\\son\\w+=", RegexOptions.IgnoreCase)]
    private static partial Regex Loading();
}
