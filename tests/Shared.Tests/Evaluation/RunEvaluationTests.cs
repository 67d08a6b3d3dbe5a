using System.Text.Json;
using CloudPipe.Evaluation;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Metrics;
using CloudPipe.Shared.Tests.Doubles;

namespace CloudPipe.Shared.Tests.Evaluation;

public class RunEvaluationTests
{
    private static readonly RunPredictions _run = SyntheticRun.Create(600, [1.6, 2, 4], sharpness: 3, evaluationSamples: 150);
    private static readonly EvaluationReport _report = RunEvaluation.Evaluate(_run);

    [Fact]
    public void Every_network_is_judged_on_its_own_fold()
    {
        Assert.Equal(15, _report.Folds.Count);
        HeldOutPredictions entry = _run.HeldOut[7];
        FoldScore score = _report.Folds.Single(fold => fold.Architecture == entry.Architecture && fold.Fold == entry.Fold);
        AveragePrecisionReport expected = AveragePrecision.Report(entry.Probabilities, [.. entry.Samples.Select(sample => _run.Labels[sample])], 17);

        Assert.Equal(expected.Macro, score.Precision.Macro, 1e-12);
        Assert.Equal(expected.Classes, score.Precision.Classes);
        Assert.Equal(entry.Samples.Count, score.Samples);
    }

    [Fact]
    public void A_model_s_row_is_the_mean_and_spread_of_its_folds_and_the_pool_of_their_rows()
    {
        ModelScore model = _report.Models[1];
        double[] folds = [.. _report.Folds.Where(fold => fold.Architecture == "dm_nfnet_f3").Select(fold => fold.Precision.Macro)];
        double[][] pooled = new double[600][];
        foreach (HeldOutPredictions entry in _run.HeldOut.Where(entry => entry.Architecture == "dm_nfnet_f3"))
        {
            for (int i = 0; i < entry.Samples.Count; i++)
                pooled[entry.Samples[i]] = [.. entry.Probabilities[i]];
        }

        Assert.Equal("dm_nfnet_f3", model.Architecture);
        Assert.Equal(folds.Average(), model.MeanOverFolds, 1e-12);
        Assert.Equal(Math.Sqrt(folds.Sum(value => Math.Pow(value - folds.Average(), 2)) / 4), model.StandardDeviation, 1e-12);
        Assert.Equal(AveragePrecision.Report(pooled, _run.Labels, 17).Macro, model.Pooled.Macro, 1e-12);
        Assert.True(model.Pooled.Macro < _report.Models[0].Pooled.Macro && model.Pooled.Macro > _report.Models[2].Pooled.Macro);
    }

    [Fact]
    public void An_ensemble_beats_its_models_and_weights_that_were_searched_beat_the_others_where_they_were_searched()
    {
        Assert.Equal([EnsembleWeighting.Equal, EnsembleWeighting.ByScore, EnsembleWeighting.Searched], _report.Ensembles.Select(ensemble => ensemble.Weighting));
        Assert.All(_report.Ensembles, ensemble => Assert.Equal(1, ensemble.Weights.Sum(), 1e-12));
        EnsembleScore searched = _report.Ensembles[2];

        Assert.True(searched.Pooled.Macro > _report.Models.Max(model => model.Pooled.Macro));
        Assert.True(searched.Pooled.Macro >= _report.Ensembles.Max(ensemble => ensemble.Pooled.Macro));
        Assert.True(searched.Weights[2] < searched.Weights[0], string.Join(' ', searched.Weights));
        Assert.Equal(_report.Models.Select(model => model.Pooled.Macro / _report.Models.Sum(other => other.Pooled.Macro)), _report.Ensembles[1].Weights, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_way_of_weighing_is_recommended_only_where_it_is_better_by_more_than_chance()
    {
        EnsembleScore equal = _report.Ensembles[0] with { FoldEstimates = [0.5, 0.6, 0.7] };

        Assert.True(equal.IsBeatenBy(equal with { FoldEstimates = [0.52, 0.62, 0.73] }));

        // Better by 0.02 on average, with a standard error of 0.03.
        Assert.False(equal.IsBeatenBy(equal with { FoldEstimates = [0.58, 0.60, 0.68] }));
        Assert.False(equal.IsBeatenBy(equal));

        // A model that says one thing or the other whatever there is, is worth leaving out; two that are alike are not worth searching for.
        RunPredictions run = SyntheticRun.Create(200, [1.8, 1.8, 1.8]);
        RunPredictions disturbed = run with
        {
            HeldOut = [.. run.HeldOut.Select(entry => entry.Architecture == run.HeldOut[^1].Architecture
                ? entry with { Probabilities = [.. entry.Samples.Select(sample => Enumerable.Range(0, 17).Select(c => ((sample * 7) + (c * 5)) % 3 == 0 ? 1.0 : 0).ToArray())] }
                : entry)],
        };
        EvaluationReport report = RunEvaluation.Evaluate(disturbed);
        Assert.Equal(EnsembleWeighting.Searched, report.Recommended);
        Assert.True(report.RecommendedEnsemble().Weights[2] < 0.05);
        Assert.Equal(EnsembleWeighting.Equal, RunEvaluation.Evaluate(SyntheticRun.Create(200, [2, 2])).Recommended);
    }

    [Fact]
    public void Searched_weights_are_judged_on_folds_that_they_were_not_chosen_on()
    {
        // Fold 0's rows of the second model are made perfect: weights chosen there would favour it, weights chosen elsewhere cannot.
        RunPredictions run = SyntheticRun.Create(200, [1.5, 4]);
        RunPredictions tempting = run with
        {
            HeldOut = [.. run.HeldOut.Select(entry => entry.Architecture == "dm_nfnet_f3" && entry.Fold == 0
                ? entry with { Probabilities = [.. entry.Samples.Select(sample => Enumerable.Range(0, 17).Select(c => run.Labels[sample].Contains(c) ? 1.0 : 0).ToArray())] }
                : entry)],
        };
        OutOfFoldTable table = OutOfFoldTable.Assemble(tempting);
        double[] judged = [.. Enumerable.Range(0, 5).Select(fold =>
        {
            var others = new WeightObjective(table.Probabilities, run.Labels, table.SamplesOfOthers[fold], 17);
            double[] weights = WeightSearch.Search(others, [others.Evaluate([1, 0]), others.Evaluate([0, 1])]);
            return new WeightObjective(table.Probabilities, run.Labels, table.SamplesOfFold[fold], 17).Evaluate(weights);
        })];

        EnsembleScore searched = RunEvaluation.Evaluate(tempting).Ensembles[2];

        Assert.Equal(judged.Average(), searched.HonestEstimate, 1e-12);
    }

    [Fact]
    public void The_normal_rule_is_tried_at_several_thresholds()
    {
        EnsembleScore ensemble = _report.RecommendedEnsemble();
        NormalRuleScore rule = _report.NormalRule.Single(entry => entry.Threshold == 0.9);
        double[][] rows = Ensemble(ensemble.Weights);
        int ruled = rows.Count(row => row[0] > 0.9);
        double[][] after = [.. rows.Select(row => row[0] > 0.9 ? [1.0, .. new double[16]] : row)];

        Assert.Equal(ruled, rule.Ruled);
        Assert.True(ruled > 20);
        Assert.Equal(rows.Index().Count(entry => entry.Item[0] > 0.9 && _run.Labels[entry.Index].Contains(0)), rule.RuledRightly);
        Assert.Equal(AveragePrecision.Report(after, _run.Labels, 17).Macro, rule.MeanAveragePrecision, 1e-12);
        Assert.Equal(rule.MeanAveragePrecision - ensemble.Pooled.Macro, rule.Gain, 1e-15);
        Assert.Equal(ChallengeAveragePrecision.PerClass(after, _run.Labels, 17).Average() - ensemble.ChallengeMean, rule.ChallengeGain, 1e-12);
        Assert.Equal(_report.NormalRule.Select(entry => entry.Ruled).OrderDescending(), _report.NormalRule.Select(entry => entry.Ruled));
    }

    [Fact]
    public void Temperatures_make_networks_that_are_too_sure_believable()
    {
        // Every network's logits are what they should be, times 3.
        Assert.All(_report.Models, model =>
        {
            Assert.Equal(3, model.Temperature, 0.3);
            Assert.True(model.After.LogLoss < model.Before.LogLoss);
            Assert.True(model.After.EqualMassError < model.Before.EqualMassError, $"{model.Architecture}: {model.Before.EqualMassError} to {model.After.EqualMassError}");
        });
        Assert.True(_report.Calibration.After.LogLoss < _report.Calibration.Before.LogLoss);
        Assert.True(_report.Calibration.After.Brier < _report.Calibration.Before.Brier);
        Assert.Equal(600 * 17, _report.Calibration.CurveAfter.Bins.Sum(bin => bin.Count));
        Assert.Equal(_report.PostProcessing.Temperatures, _report.Classes.Select(entry => entry.Temperature));
    }

    [Fact]
    public void Thresholds_raise_f1_also_on_folds_that_they_were_not_chosen_on()
    {
        Assert.True(new ConfusionReport([.. _report.Classes.Select(entry => entry.Chosen)]).Macro.F1 > new ConfusionReport([.. _report.Classes.Select(entry => entry.Usual)]).Macro.F1);
        Assert.Equal(_report.PostProcessing.DefectThresholds, _report.Classes.Select(entry => entry.Threshold));
        Assert.All(_report.Classes, entry => Assert.Equal(600, entry.Chosen.TruePositives + entry.Chosen.FalsePositives + entry.Chosen.FalseNegatives + entry.Chosen.TrueNegatives));
        Assert.All(_report.Classes, entry => Assert.Equal(entry.Chosen.TruePositives, _report.CoErrors.Counts[entry.Index][entry.Index]));
    }

    [Fact]
    public void Decisions_are_made_by_temperatures_and_thresholds_of_the_other_folds()
    {
        double[][] rows = Ensemble(_report.RecommendedEnsemble().Weights);
        OutOfFoldTable table = OutOfFoldTable.Assemble(_run);
        int[] found = new int[17], wrong = new int[17];
        for (int fold = 0; fold < 5; fold++)
        {
            int[] others = table.SamplesOfOthers[fold];
            double[] temperatures = [.. Enumerable.Range(0, 17).Select(c => TemperatureScaling.Fit([.. others.Select(sample => rows[sample][c])], Has(others, c)))];
            double[] thresholds = [.. Enumerable.Range(0, 17).Select(c => DecisionThreshold.Best([.. others.Select(sample => Decided(sample)[c])], Has(others, c)))];
            foreach (int sample in table.SamplesOfFold[fold])
            {
                double[] decided = Decided(sample);
                for (int c = 0; c < 17; c++)
                {
                    found[c] += decided[c] >= thresholds[c] && _run.Labels[sample].Contains(c) ? 1 : 0;
                    wrong[c] += decided[c] >= thresholds[c] && !_run.Labels[sample].Contains(c) ? 1 : 0;
                }
            }

            double[] Decided(int sample)
            {
                double[] row = [.. rows[sample].Select((p, c) => TemperatureScaling.Apply(p, temperatures[c]))];
                return row[0] > 0.9 ? [1, .. new double[16]] : row;
            }
        }

        Assert.Equal(found, _report.Classes.Select(entry => entry.Chosen.TruePositives));
        Assert.Equal(wrong, _report.Classes.Select(entry => entry.Chosen.FalsePositives));

        static bool[] Has(int[] samples, int c) => [.. samples.Select(sample => _run.Labels[sample].Contains(c))];
    }

    [Fact]
    public void F2_finds_more_and_says_more()
    {
        EvaluationReport f2 = RunEvaluation.Evaluate(_run, new EvaluationOptions(Beta: 2));

        Assert.True(new ConfusionReport([.. f2.Classes.Select(entry => entry.Chosen)]).Micro.Recall > new ConfusionReport([.. _report.Classes.Select(entry => entry.Chosen)]).Micro.Recall);
    }

    [Fact]
    public void On_the_evaluation_set_folds_are_averaged()
    {
        double[][] average = [.. Enumerable.Range(0, 150).Select(sample => Enumerable.Range(0, 17).Select(c =>
            _run.EvaluationSet!.Members.Where(member => member.Architecture == "convnext_base").Average(member => member.Probabilities[sample][c])).ToArray())];

        Assert.Equal(AveragePrecision.Report(average, _run.EvaluationSet!.Labels, 17).Macro, _report.Models[0].EvaluationSet!.Macro, 1e-12);
        Assert.All(_report.Ensembles, ensemble => Assert.NotNull(ensemble.EvaluationSet));
        Assert.Equal(150, _report.EvaluationSamples);
    }

    [Fact]
    public void The_same_predictions_give_the_same_report_and_it_survives_json()
    {
        string json = JsonSerializer.Serialize(_report, CloudPipeJson.Indented);

        Assert.Equal(json, JsonSerializer.Serialize(RunEvaluation.Evaluate(_run with { HeldOut = [.. _run.HeldOut.OrderByDescending(entry => entry.Fold).OrderBy(entry => Array.IndexOf(_report.Models.Select(model => model.Architecture).ToArray(), entry.Architecture))] }), CloudPipeJson.Indented));
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<EvaluationReport>(json, CloudPipeJson.Options), CloudPipeJson.Indented));
    }

    [Fact]
    public void One_model_has_one_ensemble_and_a_taxonomy_without_normal_no_rule()
    {
        RunPredictions run = SyntheticRun.Create(100, [2]);
        EvaluationReport report = RunEvaluation.Evaluate(run with
        {
            Taxonomy = run.Taxonomy with { NormalIndex = null, Classes = [.. run.Taxonomy.Classes.Select(entry => entry with { Kind = DefectKind.Structural })] },
        });

        Assert.Equal([1.0], Assert.Single(report.Ensembles).Weights);
        Assert.Empty(report.NormalRule);
        Assert.Null(report.Models[0].EvaluationSet);
    }

    [Fact]
    public void Co_errors_count_what_is_missed_against_what_is_wrongly_said()
    {
        CoErrors errors = CoErrors.Compute([[1, 2], [1], [0]], [[2, 0], [], [1, 2]], 3);

        Assert.Equal([0, 1, 1], errors.Counts[0]);
        Assert.Equal([1, 0, 0], errors.Counts[1]);
        Assert.Equal([0, 0, 1], errors.Counts[2]);
        Assert.Equal([0, 1, 0], errors.Silent);
        Assert.Equal([1, 0, null], Enumerable.Range(0, 3).Select(errors.MostConfusedWith));
    }

    public static TheoryData<string, string> Faults() => new()
    {
        { "missing", "lacks the sample 'd" },
        { "twice", "and again in fold" },
        { "moved", "share their folds" },
        { "value", "is not 17 probabilities" },
        { "length", "is not 17 probabilities" },
        { "rows", "there are 20 samples and 19 rows" },
        { "index", "names sample 100" },
        { "fold", "has the fold -1" },
        { "label", "has the label 17" },
        { "evaluation folds", "each once" },
        { "evaluation rows", "of the evaluation set's 10 samples" },
        { "nothing", "nothing to evaluate" },
        { "one fold", "takes two or more" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_is_named(string fault, string words)
    {
        RunPredictions run = SyntheticRun.Create(100, [1, 2], evaluationSamples: 10);
        HeldOutPredictions last = run.HeldOut[^1];
        EvaluationPredictions member = run.EvaluationSet!.Members[^1];
        RunPredictions faulty = fault switch
        {
            "missing" => run with { HeldOut = [.. run.HeldOut.SkipLast(1)] },
            "twice" => WithLast(last with { Samples = [.. last.Samples.SkipLast(1), run.HeldOut[^2].Samples[0]] }),
            "moved" => run with
            {
                HeldOut = [.. run.HeldOut.SkipLast(2), Moved(run.HeldOut[^2], last), Moved(last, run.HeldOut[^2])],
            },
            "value" => WithLast(last with { Probabilities = [.. last.Probabilities.SkipLast(1), [double.NaN, .. new double[16]]] }),
            "length" => WithLast(last with { Probabilities = [.. last.Probabilities.SkipLast(1), new double[16]] }),
            "rows" => WithLast(last with { Probabilities = [.. last.Probabilities.SkipLast(1)] }),
            "index" => WithLast(last with { Samples = [.. last.Samples.SkipLast(1), 100] }),
            "fold" => WithLast(last with { Fold = -1 }),
            "label" => run with { Labels = [.. run.Labels.SkipLast(1), [17]] },
            "evaluation folds" => run with { EvaluationSet = run.EvaluationSet with { Members = [.. run.EvaluationSet.Members.SkipLast(1)] } },
            "evaluation rows" => run with { EvaluationSet = run.EvaluationSet with { Members = [.. run.EvaluationSet.Members.SkipLast(1), member with { Probabilities = [.. member.Probabilities.SkipLast(1)] }] } },
            "nothing" => run with { HeldOut = [] },
            _ => run with { EvaluationSet = null, HeldOut = [new HeldOutPredictions("a", 0, [.. Enumerable.Range(0, 100)], [.. Enumerable.Repeat(new double[17], 100)])] },
        };

        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => RunEvaluation.Evaluate(faulty)).Message);

        RunPredictions WithLast(HeldOutPredictions changed) => run with { HeldOut = [.. run.HeldOut.SkipLast(1), changed] };
        HeldOutPredictions Moved(HeldOutPredictions entry, HeldOutPredictions other) => entry with { Samples = [.. entry.Samples.SkipLast(1), other.Samples[^1]] };
    }

    private static double[][] Ensemble(IReadOnlyList<double> weights)
    {
        OutOfFoldTable table = OutOfFoldTable.Assemble(_run);
        return [.. Enumerable.Range(0, 600).Select(sample => Enumerable.Range(0, 17).Select(c => Math.Min(1, weights.Select((weight, model) => weight * table.Probabilities[model][sample][c]).Sum() / weights.Sum())).ToArray())];
    }
}
