using CloudPipe.Ensembling;
using CloudPipe.Metrics;

namespace CloudPipe.Evaluation;

/// <summary>
/// Judges a training run by what its networks said of the samples that they did not train on: each network, each model, their
/// ensemble under three ways of weighing, the ZC rule, thresholds, calibration, and which classes are taken for which. What is
/// chosen by looking at samples (weights, thresholds, temperatures) is judged on other folds than it was chosen on.
/// </summary>
public static class RunEvaluation
{
    // Around the papers' 0.9.
    private static readonly double[] _normalThresholds = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.99];

    /// <summary>Judges a run.</summary>
    /// <param name="run">Its predictions.</param>
    /// <param name="options">What to do differently.</param>
    /// <returns>The report.</returns>
    /// <exception cref="InvalidDataException">Predictions are missing, twice there, or faulty; the message says which.</exception>
    public static EvaluationReport Evaluate(RunPredictions run, EvaluationOptions? options = null)
    {
        options ??= new EvaluationOptions();
        OutOfFoldTable table = OutOfFoldTable.Assemble(run);
        double[][][]? evaluation = run.EvaluationSet is null ? null : AverageFolds(run, table, run.EvaluationSet);
        FoldScore[] folds = [.. table.Architectures.SelectMany((_, model) => table.SamplesOfFold.Select((_, fold) => ScoreFold(run, table, model, fold)))];
        ModelScore[] models = [.. table.Architectures.Select((_, model) => ScoreModel(run, table, options, model, folds, evaluation))];
        EnsembleScore[] ensembles = ScoreEnsembles(run, table, models, evaluation);

        // The simplest way, which stands first, unless a better one is better by more than chance (Breiman et al.,
        // "Classification and Regression Trees", 1984, section 3.4.3: the rule of one standard error).
        EnsembleScore best = ensembles.MaxBy(ensemble => ensemble.HonestEstimate)!;
        EnsembleScore recommended = ensembles.First(ensemble => !ensemble.IsBeatenBy(best));
        double[][] scores = Weigh(table.Probabilities, recommended.Weights);
        var decisions = EnsembleDecisions.Create(run, table, scores, options);
        return new EvaluationReport(
            run.Taxonomy,
            run.SampleNames.Count,
            run.EvaluationSet?.SampleNames.Count,
            folds,
            models,
            ensembles,
            recommended.Weighting,
            run.Taxonomy.NormalIndex is int normal ? ScoreNormalRule(run, scores, recommended, normal) : [],
            ScoreClasses(run, scores, recommended, decisions, options),
            decisions.CoErrors,
            decisions.Calibration,
            decisions.PostProcessing);
    }

    private static FoldScore ScoreFold(RunPredictions run, OutOfFoldTable table, int model, int fold)
    {
        int[] samples = table.SamplesOfFold[fold];
        double[][] scores = [.. samples.Select(sample => table.Probabilities[model][sample])];
        IReadOnlyList<int>[] labels = [.. samples.Select(sample => run.Labels[sample])];
        return new FoldScore(
            table.Architectures[model],
            fold,
            samples.Length,
            AveragePrecision.Report(scores, labels, run.Taxonomy.Count),
            ChallengeAveragePrecision.PerClass(scores, labels, run.Taxonomy.Count).Average());
    }

    private static ModelScore ScoreModel(RunPredictions run, OutOfFoldTable table, EvaluationOptions options, int model, FoldScore[] folds, double[][][]? evaluation)
    {
        double[] ofFolds = [.. folds.Where(entry => entry.Architecture == table.Architectures[model]).Select(entry => entry.Precision.Macro)];
        double mean = ofFolds.Average();
        double[][] scores = table.Probabilities[model];
        (double[][] columns, bool[][] positives) = MetricInput.ByClass(scores, run.Labels, run.Taxonomy.Count);
        double[] pairs = [.. columns.SelectMany(column => column)];
        bool[] hits = [.. positives.SelectMany(column => column)];
        double[] after = new double[pairs.Length];
        for (int fold = 0; fold < table.SamplesOfFold.Length; fold++)
        {
            bool[] others = [.. pairs.Select((_, pair) => table.FoldOfSample[pair % scores.Length] != fold)];
            double temperature = TemperatureScaling.Fit(pairs.Where((_, pair) => others[pair]).ToArray(), hits.Where((_, pair) => others[pair]).ToArray());
            for (int pair = 0; pair < pairs.Length; pair++)
            {
                if (!others[pair])
                    after[pair] = TemperatureScaling.Apply(pairs[pair], temperature);
            }
        }

        return new ModelScore(
            table.Architectures[model],
            mean,
            Math.Sqrt(ofFolds.Sum(value => (value - mean) * (value - mean)) / Math.Max(ofFolds.Length - 1, 1)),
            AveragePrecision.Report(scores, run.Labels, run.Taxonomy.Count),
            ChallengeAveragePrecision.PerClass(scores, run.Labels, run.Taxonomy.Count).Average(),
            TemperatureScaling.Fit(pairs, hits),
            CalibrationSummary.Compute(pairs, hits, options.BinCount),
            CalibrationSummary.Compute(after, hits, options.BinCount),
            evaluation is null ? null : AveragePrecision.Report(evaluation[model], run.EvaluationSet!.Labels, run.Taxonomy.Count));
    }

    private static EnsembleScore[] ScoreEnsembles(RunPredictions run, OutOfFoldTable table, ModelScore[] models, double[][][]? evaluation)
    {
        int classCount = run.Taxonomy.Count;
        int[] all = [.. Enumerable.Range(0, run.SampleNames.Count)];
        EnsembleWeighting[] weightings = models.Length == 1 ? [EnsembleWeighting.Equal] : Enum.GetValues<EnsembleWeighting>();
        WeightObjective[] ofFold = [.. table.SamplesOfFold.Select(samples => new WeightObjective(table.Probabilities, run.Labels, samples, classCount))];
        WeightObjective[] ofOthers = [.. table.SamplesOfOthers.Select(samples => new WeightObjective(table.Probabilities, run.Labels, samples, classCount))];
        var ofAll = new WeightObjective(table.Probabilities, run.Labels, all, classCount);
        return [.. weightings.Select(weighting =>
        {
            double[] weights = Choose(weighting, ofAll, models.Length);
            double[][] scores = Weigh(table.Probabilities, weights);
            return new EnsembleScore(
                weighting,
                weights,
                AveragePrecision.Report(scores, run.Labels, classCount),
                ChallengeAveragePrecision.PerClass(scores, run.Labels, classCount).Average(),
                // Each fold has objectives of its own, so folds may be searched at once.
                [.. ofFold.AsParallel().AsOrdered().Select((judge, fold) => judge.Evaluate(Choose(weighting, ofOthers[fold], models.Length)))],
                evaluation is null ? null : AveragePrecision.Report(Weigh(evaluation, weights), run.EvaluationSet!.Labels, classCount));
        })];
    }

    private static double[] Choose(EnsembleWeighting weighting, WeightObjective objective, int models)
    {
        double[] equal = [.. Enumerable.Repeat(1.0 / models, models)];
        if (weighting == EnsembleWeighting.Equal)
            return equal;

        double[] scores = [.. Enumerable.Range(0, models).Select(model => objective.Evaluate([.. Enumerable.Range(0, models).Select(other => other == model ? 1.0 : 0)]))];
        double total = scores.Sum();
        return weighting == EnsembleWeighting.Searched ? WeightSearch.Search(objective, scores)
            : total > 0 ? [.. scores.Select(score => score / total)]
            : equal;
    }

    // As the reducer averages: the weighted sum, over the sum of the weights, at most 1.
    private static double[][] Weigh(double[][][] probabilities, IReadOnlyList<double> weights)
    {
        double total = weights.Sum();
        double[][] rows = [.. probabilities[0].Select(row => new double[row.Length])];
        for (int sample = 0; sample < rows.Length; sample++)
        {
            for (int c = 0; c < rows[sample].Length; c++)
            {
                double sum = 0;
                for (int model = 0; model < probabilities.Length; model++)
                    sum += weights[model] * probabilities[model][sample][c];

                rows[sample][c] = Math.Min(sum / total, 1);
            }
        }

        return rows;
    }

    // [architecture][sample][class] of the evaluation set
    private static double[][][] AverageFolds(RunPredictions run, OutOfFoldTable table, EvaluationSet set)
    {
        OutOfFoldTable.CheckLabels("the evaluation set", set.SampleNames, set.Labels, run.Taxonomy.Count);
        return [.. table.Architectures.Select(architecture =>
        {
            EvaluationPredictions[] members = [.. set.Members.Where(member => member.Architecture == architecture)];
            if (!members.Select(member => member.Fold).Order().SequenceEqual(Enumerable.Range(0, table.SamplesOfFold.Length)))
                throw new InvalidDataException($"The evaluation set has the folds {string.Join(", ", members.Select(member => member.Fold).Order())} of {architecture}; the run has 0 to {table.SamplesOfFold.Length - 1}, each once.");

            foreach (EvaluationPredictions member in members)
            {
                if (member.Probabilities.Count != set.SampleNames.Count)
                    throw new InvalidDataException($"{architecture}, fold {member.Fold} has {member.Probabilities.Count} rows of the evaluation set's {set.SampleNames.Count} samples.");

                for (int i = 0; i < set.SampleNames.Count; i++)
                    OutOfFoldTable.CheckRow(member.Probabilities[i], run.Taxonomy.Count, architecture, member.Fold, set.SampleNames[i]);
            }

            return set.SampleNames.Select((_, sample) => Enumerable.Range(0, run.Taxonomy.Count)
                .Select(c => members.Average(member => member.Probabilities[sample][c])).ToArray()).ToArray();
        })];
    }

    private static NormalRuleScore[] ScoreNormalRule(RunPredictions run, double[][] scores, EnsembleScore without, int normal) =>
        [.. _normalThresholds.Select(threshold =>
        {
            var rule = new PostProcessing(NormalThreshold: threshold);
            int ruled = 0, rightly = 0;
            double[][] after = [.. scores.Select((row, sample) =>
            {
                double[] changed = [.. row];
                bool applied = rule.ApplyNormalRule(changed, normal);
                ruled += applied ? 1 : 0;
                rightly += applied && run.Labels[sample].Contains(normal) ? 1 : 0;
                return changed;
            })];
            double mean = AveragePrecision.Report(after, run.Labels, run.Taxonomy.Count).Macro;
            double challenge = ChallengeAveragePrecision.PerClass(after, run.Labels, run.Taxonomy.Count).Average();
            return new NormalRuleScore(threshold, ruled, rightly, mean, mean - without.Pooled.Macro, challenge, challenge - without.ChallengeMean);
        })];

    private static ClassScore[] ScoreClasses(RunPredictions run, double[][] scores, EnsembleScore recommended, EnsembleDecisions decisions, EvaluationOptions options)
    {
        (double[][] before, bool[][] positives) = MetricInput.ByClass(scores, run.Labels, run.Taxonomy.Count);
        return [.. Enumerable.Range(0, run.Taxonomy.Count).Select(c => new ClassScore(
            c,
            recommended.Pooled.Classes[c].Positives,
            recommended.Pooled.Classes[c].Value,
            decisions.Usual.Classes[c],
            decisions.PostProcessing.DefectThresholds![c],
            decisions.Chosen.Classes[c],
            decisions.PostProcessing.Temperatures![c],
            MassError(before[c], positives[c]),
            MassError([.. decisions.Calibrated.Select(row => row[c])], positives[c]),
            decisions.CoErrors.MostConfusedWith(c)))];

        double MassError(double[] column, bool[] hits) =>
            ReliabilityCurve.Compute(column, hits, options.BinCount, ReliabilityBinning.EqualMass).ExpectedError;
    }
}
