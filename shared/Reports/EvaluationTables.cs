using System.Globalization;
using System.Text;
using CloudPipe.Evaluation;
using CloudPipe.Labels;
using CloudPipe.Metrics;

namespace CloudPipe.Reports;

/// <summary>An evaluation's tables as CSV files (RFC 4180, UTF-8, a header line, numbers with a point and all their digits).</summary>
public static class EvaluationTables
{
    /// <summary>Writes every table.</summary>
    /// <param name="report">The evaluation.</param>
    /// <returns>By file name: <c>folds.csv</c>, <c>models.csv</c>, <c>ensembles.csv</c>, <c>classes.csv</c>, <c>confusion.csv</c>, <c>reliability.csv</c> and <c>normal-rule.csv</c>.</returns>
    public static IReadOnlyDictionary<string, byte[]> Write(EvaluationReport report) => new SortedDictionary<string, byte[]>(StringComparer.Ordinal)
    {
        ["folds.csv"] = Table(
            ["architecture", "fold", "samples", "class", "positives", "averagePrecision"],
            report.Folds.SelectMany(fold => fold.Precision.Classes.Select(entry => new object?[]
            {
                fold.Architecture, fold.Fold, fold.Samples, Code(report, entry.ClassIndex), entry.Positives, entry.Value,
            }))),
        ["models.csv"] = Table(
            ["architecture", "meanOverFolds", "standardDeviation", "pooled", "challenge", "evaluationSet", "temperature", "calibrationErrorBefore", "calibrationErrorAfter", "brierBefore", "brierAfter"],
            report.Models.Select(model => new object?[]
            {
                model.Architecture, model.MeanOverFolds, model.StandardDeviation, model.Pooled.Macro, model.ChallengeMean, model.EvaluationSet?.Macro, model.Temperature,
                model.Before.EqualMassError, model.After.EqualMassError, model.Before.Brier, model.After.Brier,
            })),
        ["ensembles.csv"] = Table(
            ["weighting", "recommended", "honestEstimate", "pooled", "challenge", "evaluationSet", .. report.Models.Select(model => $"weight of {model.Architecture}")],
            report.Ensembles.Select(ensemble => new object?[]
            {
                ensemble.Weighting, ensemble.Weighting == report.Recommended ? 1 : 0, ensemble.HonestEstimate, ensemble.Pooled.Macro, ensemble.ChallengeMean, ensemble.EvaluationSet?.Macro,
            }.Concat(ensemble.Weights.Cast<object?>()))),
        ["classes.csv"] = Table(
            ["class", "name", "positives", "averagePrecision", "threshold", "temperature", "precisionUsual", "recallUsual", "f1Usual", "precision", "recall", "f1", "calibrationErrorBefore", "calibrationErrorAfter", "mostConfusedWith"],
            report.Classes.Select(entry => new object?[]
            {
                Code(report, entry.Index), report.Taxonomy.Classes[entry.Index].Name, entry.Positives, entry.AveragePrecision, entry.Threshold, entry.Temperature,
                entry.Usual.Precision, entry.Usual.Recall, entry.Usual.F1, entry.Chosen.Precision, entry.Chosen.Recall, entry.Chosen.F1,
                entry.CalibrationErrorBefore, entry.CalibrationErrorAfter, entry.MostConfusedWith is int other ? Code(report, other) : null,
            })),
        ["confusion.csv"] = Table(
            ["there", .. report.Taxonomy.Classes.Select(entry => $"said {entry.Code}"), "nothing said wrongly"],
            report.CoErrors.Counts.Select((row, c) => new object?[] { Code(report, c) }.Concat(row.Cast<object?>()).Append(report.CoErrors.Silent[c]))),
        ["reliability.csv"] = Table(
            ["curve", "lower", "upper", "count", "meanProbability", "positiveShare"],
            Rows("before", report.Calibration.CurveBefore).Concat(Rows("after", report.Calibration.CurveAfter))),
        ["normal-rule.csv"] = Table(
            ["threshold", "ruled", "ruledRightly", "meanAveragePrecision", "gain", "challenge", "challengeGain"],
            report.NormalRule.Select(rule => new object?[] { rule.Threshold, rule.Ruled, rule.RuledRightly, rule.MeanAveragePrecision, rule.Gain, rule.ChallengeMean, rule.ChallengeGain })),
    };

    private static IEnumerable<object?[]> Rows(string name, ReliabilityCurve curve) =>
        curve.Bins.Select(bin => new object?[] { name, bin.Lower, bin.Upper, bin.Count, bin.MeanProbability, bin.PositiveShare });

    private static string Code(EvaluationReport report, int index) => report.Taxonomy.Classes[index] is DefectClass entry ? entry.Code : "";

    private static byte[] Table(IEnumerable<string> header, IEnumerable<IEnumerable<object?>> rows)
    {
        var text = new StringBuilder();
        foreach (IEnumerable<object?> row in rows.Prepend(header))
            text.AppendJoin(',', row.Select(Field)).Append("\r\n");

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Field(object? value)
    {
        string text = value switch
        {
            null => "",
            EnsembleWeighting weighting => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(weighting.ToString()),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
