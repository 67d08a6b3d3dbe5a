using System.Text;
using CloudPipe.Evaluation;
using CloudPipe.Labels;
using CloudPipe.Metrics;
using static CloudPipe.Reports.ReportText;

namespace CloudPipe.Reports;

/// <summary>
/// Writes a training run's evaluation: one HTML file that needs nothing else, loads nothing and runs nothing, and reads the
/// same on a screen, in the dark and on paper. A pure function: the same evaluation gives the same bytes.
/// </summary>
public static class EvaluationReportWriter
{
    /// <summary>Writes the report.</summary>
    /// <param name="title">The run's or the release's name.</param>
    /// <param name="report">The evaluation.</param>
    /// <returns>HTML in UTF-8.</returns>
    public static byte[] Write(string title, EvaluationReport report)
    {
        var html = new StringBuilder(128 * 1024);
        EnsembleScore recommended = report.RecommendedEnsemble();
        html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append($"<meta http-equiv=\"Content-Security-Policy\" content=\"{EvaluationStyle.Policy}\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\">")
            .Append($"<title>{Escape(title)} – evaluation</title><style>{EvaluationStyle.Css}</style></head><body><main>")
            .Append($"<header><p class=\"eyebrow\">Evaluation of a training run</p><h1>{Escape(title)}</h1>")
            .Append($"<p class=\"path\">{report.Samples:#,0} clips, each scored by networks that did not train on it · {report.Folds.Max(fold => fold.Fold) + 1} folds · {Plural(report.Models.Count, "model", "models")}")
            .Append(report.EvaluationSamples is int evaluation ? $" · {evaluation:#,0} clips that no network has seen" : "").Append("</p>")
            .Append($"<p class=\"verdict\"><span class=\"pill completed\">mAP {Escape(Percent(recommended.Pooled.Macro))}</span>{Escape(Verdict(report, recommended))}</p></header>");
        AppendEnsembles(html, report);
        AppendModels(html, report);
        AppendClasses(html, report);
        AppendCalibration(html, report);
        AppendNormalRule(html, report);
        AppendCoErrors(html, report);
        AppendFolds(html, report);
        html.Append("<footer>Average precision as scikit-learn computes it, over the classes that a clip has; ‘challenge’ as the VideoPipe 2022 challenge does, which ranks ties one by one and counts a class without clips as 0. ")
            .Append("What is chosen by looking at clips (weights, thresholds, temperatures) is judged on folds that it was not chosen on, except where it says ‘pooled’.</footer></main></body></html>\n");
        return Encoding.UTF8.GetBytes(html.ToString());
    }

    private static string Verdict(EvaluationReport report, EnsembleScore recommended)
    {
        if (report.Models.Count == 1)
            return "one model, its folds pooled";

        ModelScore best = report.Models.MaxBy(model => model.Pooled.Macro)!;
        return $"{Name(recommended.Weighting)} weights recommended; {Points(recommended.Pooled.Macro - best.Pooled.Macro)} points against {best.Architecture} alone";
    }

    private static void AppendEnsembles(StringBuilder html, EvaluationReport report)
    {
        Begin(html, "ensembles", "Ensembles");
        html.Append("<div class=\"scroll\"><table class=\"weights\"><thead><tr><th scope=\"col\">Weights</th><th scope=\"col\" class=\"bar\">Share of each model</th>")
            .Append("<th scope=\"col\" class=\"number\">Other folds</th><th scope=\"col\" class=\"number\">Pooled</th><th scope=\"col\" class=\"number\">Challenge</th>")
            .Append(report.EvaluationSamples is null ? "" : "<th scope=\"col\" class=\"number\">Unseen clips</th>").Append("</tr></thead><tbody>");
        foreach (EnsembleScore ensemble in report.Ensembles)
        {
            html.Append($"<tr{(ensemble.Weighting == report.Recommended ? " class=\"best\"" : "")}><th scope=\"row\" class=\"nowrap\">{Name(ensemble.Weighting)}</th><td class=\"bar\">");
            AppendWeights(html, report, ensemble);
            html.Append($"</td>{Cell(ensemble.HonestEstimate)}{Cell(ensemble.Pooled.Macro)}{Cell(ensemble.ChallengeMean)}{(report.EvaluationSamples is null ? "" : Cell(ensemble.EvaluationSet?.Macro))}</tr>");
        }

        html.Append("</tbody></table></div><ul class=\"legend\">");
        foreach ((int index, ModelScore model) in report.Models.Index())
            html.Append($"<li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><rect class=\"{Series(index)}\" width=\"14\" height=\"14\" rx=\"3\"/></svg>{Escape(model.Architecture)} {Escape(Percent(report.RecommendedEnsemble().Weights[index]))}</li>");

        html.Append("</ul><p class=\"note\">Mean average precision. ‘Other folds’: weights chosen on all folds but one and judged on that one, the mean over folds. The simplest weights that this column ")
            .Append("does not put behind the best by more than one standard error are recommended. ‘Pooled’: all clips at once, weights chosen on the same clips. The legend has the recommended weights.</p></section>");
    }

    private static void AppendWeights(StringBuilder html, EvaluationReport report, EnsembleScore ensemble)
    {
        html.Append("<svg viewBox=\"0 0 200 16\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"")
            .Append(Escape(string.Join(", ", report.Models.Select((model, index) => $"{model.Architecture} {Percent(ensemble.Weights[index])}")))).Append("\"><rect class=\"track\" width=\"200\" height=\"16\"/>");
        double x = 0;
        foreach ((int index, double weight) in ensemble.Weights.Index())
        {
            html.Append($"<rect class=\"{Series(index)}\" x=\"{x:0.###}\" width=\"{200 * weight:0.###}\" height=\"16\"><title>{Escape(report.Models[index].Architecture)} {Escape(Percent(weight))}</title></rect>");
            x += 200 * weight;
        }

        html.Append("</svg>");
    }

    private static void AppendModels(StringBuilder html, EvaluationReport report)
    {
        Begin(html, "models", "Models");
        html.Append("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Architecture</th><th scope=\"col\" class=\"number\">Mean of folds</th><th scope=\"col\" class=\"number\">Pooled</th><th scope=\"col\" class=\"number\">Challenge</th>")
            .Append(report.EvaluationSamples is null ? "" : "<th scope=\"col\" class=\"number\">Unseen clips</th>")
            .Append("<th scope=\"col\" class=\"number\">Temperature</th><th scope=\"col\" class=\"number\">Calibration error</th></tr></thead><tbody>");
        double best = report.Models.Max(model => model.Pooled.Macro);
        foreach (ModelScore model in report.Models)
        {
            html.Append($"<tr{(model.Pooled.Macro == best ? " class=\"best\"" : "")}><th scope=\"row\">{Escape(model.Architecture)}</th><td class=\"number\">{Number(model.MeanOverFolds)} ± {Number(model.StandardDeviation)}</td>")
                .Append($"{Cell(model.Pooled.Macro)}{Cell(model.ChallengeMean)}{(report.EvaluationSamples is null ? "" : Cell(model.EvaluationSet?.Macro))}<td class=\"number\">{model.Temperature:0.00}</td>")
                .Append($"<td class=\"number\">{Number(model.Before.EqualMassError)} → {Number(model.After.EqualMassError)}</td></tr>");
        }

        html.Append("</tbody></table></div><p class=\"note\">In per cent; ± is the standard deviation of the folds. Calibration error: expected, in bins of equal mass over all clips and classes, before and after one temperature per model.</p></section>");
    }

    private static void AppendClasses(StringBuilder html, EvaluationReport report)
    {
        Begin(html, "classes", "Classes");
        html.Append("<div class=\"scroll\"><table class=\"dense\"><thead><tr><th scope=\"col\">Class</th><th scope=\"col\" class=\"number\">Clips</th><th scope=\"col\" class=\"bar\">Average precision</th><th scope=\"col\" class=\"number\"></th>")
            .Append("<th scope=\"col\" class=\"number\">F1 at 0.5</th><th scope=\"col\" class=\"number\">F1</th><th scope=\"col\" class=\"number\">Precision</th><th scope=\"col\" class=\"number\">Recall</th>")
            .Append("<th scope=\"col\" class=\"number\">Threshold</th><th scope=\"col\" class=\"number\">Temp.</th><th scope=\"col\">Taken for</th></tr></thead><tbody>");
        foreach (ClassScore entry in report.Classes)
        {
            DefectClass defect = report.Taxonomy.Classes[entry.Index];
            html.Append($"<tr><th scope=\"row\" class=\"nowrap\">{Escape(defect.Code)} {Escape(defect.Name)}</th><td class=\"number\">{entry.Positives:#,0}</td><td class=\"bar\">")
                .Append("<svg viewBox=\"0 0 200 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect class=\"track\" width=\"200\" height=\"16\" rx=\"3\"/>")
                .Append($"<rect class=\"{Css(defect.Kind)}\" width=\"{200 * entry.AveragePrecision:0.##}\" height=\"16\" rx=\"3\"/></svg></td>")
                .Append(entry.Positives == 0 ? "<td class=\"number\">–</td>" : Cell(entry.AveragePrecision))
                .Append($"{Cell(entry.Usual.F1)}{Cell(entry.Chosen.F1)}{Cell(entry.Chosen.Precision)}{Cell(entry.Chosen.Recall)}<td class=\"number\">{entry.Threshold:0.000}</td><td class=\"number\">{entry.Temperature:0.00}</td>")
                .Append($"<td class=\"nowrap\">{(entry.MostConfusedWith is int other ? $"{Escape(report.Taxonomy.Classes[other].Code)} {report.CoErrors.Counts[entry.Index][other]}×" : "")}</td></tr>");
        }

        PrecisionRecallF1 usual = new ConfusionReport([.. report.Classes.Select(entry => entry.Usual)]).Macro;
        PrecisionRecallF1 chosen = new ConfusionReport([.. report.Classes.Select(entry => entry.Chosen)]).Macro;
        html.Append($"<tr class=\"total\"><th scope=\"row\">mean</th><td class=\"number\">{report.Samples:#,0}</td><td></td>{Cell(report.RecommendedEnsemble().Pooled.Macro)}{Cell(usual.F1)}{Cell(chosen.F1)}{Cell(chosen.Precision)}{Cell(chosen.Recall)}<td></td><td></td><td></td></tr>")
            .Append("</tbody></table></div><p class=\"note\">Of the recommended ensemble, in per cent. F1, precision and recall: each clip is judged by a temperature and a threshold that were chosen on the other folds, after the ZC rule; ")
            .Append("‘F1 at 0.5’ without either. Threshold and temperature: chosen on all clips, for a release. ‘Taken for’: the class that is most often wrongly said where this one is missed.</p></section>");
    }

    private static void AppendCalibration(StringBuilder html, EvaluationReport report)
    {
        CalibrationReport calibration = report.Calibration;
        Begin(html, "calibration", "Calibration");
        html.Append("<div class=\"sides\"><figure>");
        ReliabilityChart.Append(html, calibration.CurveBefore, calibration.CurveAfter);
        html.Append("<ul class=\"legend\"><li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><circle class=\"before\" cx=\"7\" cy=\"7\" r=\"6\"/></svg>before</li>")
            .Append("<li><svg viewBox=\"0 0 14 14\" aria-hidden=\"true\"><circle class=\"after\" cx=\"7\" cy=\"7\" r=\"6\"/></svg>after one temperature per class</li></ul></figure><div>")
            .Append("<table><thead><tr><th scope=\"col\">Over all clips and classes</th><th scope=\"col\" class=\"number\">Before</th><th scope=\"col\" class=\"number\">After</th></tr></thead><tbody>");
        AppendPair("Expected error, bins of equal width, %", Number(calibration.Before.EqualWidthError), Number(calibration.After.EqualWidthError));
        AppendPair("Expected error, bins of equal mass, %", Number(calibration.Before.EqualMassError), Number(calibration.After.EqualMassError));
        AppendPair("Brier score", $"{calibration.Before.Brier:0.0000}", $"{calibration.After.Brier:0.0000}");
        AppendPair("Log loss, nats", $"{calibration.Before.LogLoss:0.0000}", $"{calibration.After.LogLoss:0.0000}");
        html.Append("</tbody></table><p class=\"note\">On the dashed line a class that is said at 30 % is there in 30 of 100 clips. A point’s area is its share of the pairs of clip and class; most pairs are certain absences, at the lower left. ")
            .Append("Each clip’s temperatures were fitted on the other folds. A temperature changes no ranking within a class, so average precision stays what it is.</p></div></div></section>");

        void AppendPair(string name, string before, string after) =>
            html.Append($"<tr><th scope=\"row\">{name}</th><td class=\"number\">{before}</td><td class=\"number\">{after}</td></tr>");
    }

    private static void AppendNormalRule(StringBuilder html, EvaluationReport report)
    {
        if (report.Taxonomy.NormalIndex is not int normal || report.NormalRule.Count == 0)
            return;

        string code = Escape(report.Taxonomy.Classes[normal].Code);
        Begin(html, "rule", $"The {code} rule");
        html.Append($"<div class=\"scroll\"><table><thead><tr><th scope=\"col\" class=\"number\">{code} above</th><th scope=\"col\" class=\"number\">Clips ruled</th><th scope=\"col\" class=\"number\">Rightly</th>")
            .Append("<th scope=\"col\" class=\"number\">mAP</th><th scope=\"col\" class=\"number\">Gain</th><th scope=\"col\" class=\"number\">Challenge</th><th scope=\"col\" class=\"number\">Gain</th></tr></thead><tbody>");
        foreach (NormalRuleScore rule in report.NormalRule)
        {
            html.Append($"<tr{(rule.Threshold == report.PostProcessing.NormalThreshold ? " class=\"best\"" : "")}><td class=\"number\">{rule.Threshold:0.00}</td><td class=\"number\">{rule.Ruled:#,0}</td>")
                .Append($"<td class=\"number\">{(rule.Ruled == 0 ? "–" : Escape(Percent(rule.RuledRightly / (double)rule.Ruled)))}</td>{Cell(rule.MeanAveragePrecision)}{Gain(rule.Gain)}{Cell(rule.ChallengeMean)}{Gain(rule.ChallengeGain)}</tr>");
        }

        html.Append("</tbody></table></div><p class=\"note\">Above the threshold the normal class becomes certain and every other is ruled out; gains are in points against no rule, on uncalibrated probabilities. ")
            .Append("Ruled clips tie with one another: scikit-learn’s definition takes them as one threshold, the challenge’s ranks them as a shuffle does.</p></section>");

        static string Gain(double gain) => $"<td class=\"number {(gain >= 0.00005 ? "up" : gain <= -0.00005 ? "down" : "")}\">{Points(gain)}</td>";
    }

    private static void AppendCoErrors(StringBuilder html, EvaluationReport report)
    {
        Begin(html, "confusion", "What is taken for what");
        html.Append("<div class=\"scroll\">");
        ConfusionChart.Append(html, report);
        html.Append("</div><p class=\"note\">A row per class that is there. On the diagonal: found. Elsewhere in the row: missed, while the column’s class was wrongly said; a clip counts once for each. ‘Nothing’: missed, with nothing said wrongly. ")
            .Append("The stronger the colour, the larger the share of the row’s clips.</p></section>");
    }

    private static void AppendFolds(StringBuilder html, EvaluationReport report)
    {
        Begin(html, "folds", "Every network on its own fold");
        foreach (IGrouping<string, FoldScore> folds in report.Folds.GroupBy(fold => fold.Architecture, StringComparer.Ordinal))
        {
            html.Append($"<details{(report.Models.Count == 1 ? " open" : "")}><summary>{Escape(folds.Key)}: {string.Join(" · ", folds.Select(fold => Number(fold.Precision.Macro)))}</summary><div class=\"scroll\"><table class=\"dense\"><thead><tr><th scope=\"col\">Average precision, %</th>");
            foreach (FoldScore fold in folds)
                html.Append($"<th scope=\"col\" class=\"number\">Fold {fold.Fold}</th>");

            html.Append("</tr></thead><tbody>");
            for (int c = 0; c < report.Taxonomy.Count; c++)
            {
                html.Append($"<tr><th scope=\"row\">{Escape(report.Taxonomy.Classes[c].Code)} {Escape(report.Taxonomy.Classes[c].Name)}</th>");
                foreach (FoldScore fold in folds)
                    html.Append(fold.Precision.Classes[c].Positives == 0 ? "<td class=\"number\">–</td>" : Cell(fold.Precision.Classes[c].Value));

                html.Append("</tr>");
            }

            html.Append($"<tr class=\"total\"><th scope=\"row\">mean</th>{string.Concat(folds.Select(fold => Cell(fold.Precision.Macro)))}</tr></tbody></table></div></details>");
        }

        html.Append("</section>");
    }

    private static void Begin(StringBuilder html, string id, string title) => html.Append($"<section aria-labelledby=\"{id}\"><h2 id=\"{id}\">{title}</h2>");

    private static string Cell(double? share) => $"<td class=\"number\">{(share is double value ? Number(value) : "–")}</td>";

    private static string Number(double share) => $"{share * 100:0.0}";

    private static string Points(double share) => $"{share * 100:+0.00;−0.00;0.00}";

    private static string Series(int index) => $"s{index % EvaluationStyle.Series}";

    private static string Plural(int count, string one, string many) => $"{count} {(count == 1 ? one : many)}";

    private static string Name(EnsembleWeighting weighting) => weighting switch
    {
        EnsembleWeighting.Equal => "Equal",
        EnsembleWeighting.ByScore => "By score",
        _ => "Searched",
    };
}
