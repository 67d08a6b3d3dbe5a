using CloudPipe.Evaluation;
using CloudPipe.Folds;
using CloudPipe.Labels;

namespace CloudPipe.Shared.Tests.Evaluation;

/// <summary>A run whose networks see the truth through noise: how well each does is known beforehand.</summary>
internal static class SyntheticRun
{
    /// <summary>Makes a run over the 17 classes, with labels as skewed as the real ones.</summary>
    /// <param name="samples">How many samples.</param>
    /// <param name="noise">Per model the standard deviation of its noise: the more, the worse it does.</param>
    /// <param name="sharpness">What every logit is multiplied by: above 1 a model is surer than it should be.</param>
    /// <param name="evaluationSamples">How many samples the evaluation set has; 0 for none.</param>
    public static RunPredictions Create(int samples, double[] noise, double sharpness = 1, int evaluationSamples = 0)
    {
        var random = new SplitMix64(7);
        Taxonomy taxonomy = QvPipeTaxonomy.Taxonomy;
        int[][] labels = [.. Enumerable.Range(0, samples).Select(_ => Labels(random))];
        int[] folds = IterativeStratification.Assign(labels, 5, order: 1, seed: 1);
        double[] priors = [.. Enumerable.Range(0, 17).Select(c => (labels.Count(row => row.Contains(c)) + 0.5) / (samples + 1))];
        HeldOutPredictions[] heldOut =
        [
            .. noise.SelectMany((deviation, model) => Enumerable.Range(0, 5).Select(fold =>
            {
                int[] held = [.. Enumerable.Range(0, samples).Where(sample => folds[sample] == fold)];
                return new HeldOutPredictions(Name(model), fold, held, [.. held.Select(sample => Row(random, labels[sample], priors, deviation, sharpness))]);
            })),
        ];
        int[][] evaluationLabels = [.. Enumerable.Range(0, evaluationSamples).Select(_ => Labels(random))];
        EvaluationSet? set = evaluationSamples == 0 ? null : new EvaluationSet(
            [.. evaluationLabels.Select((_, sample) => $"e{sample}.mp4")],
            evaluationLabels,
            [.. noise.SelectMany((deviation, model) => Enumerable.Range(0, 5).Select(fold =>
                new EvaluationPredictions(Name(model), fold, [.. evaluationLabels.Select(row => Row(random, row, priors, deviation, sharpness))])))]);
        return new RunPredictions(taxonomy, [.. Enumerable.Range(0, samples).Select(sample => $"d{sample:00000}.mp4")], labels, heldOut, set);
    }

    private static string Name(int model) => ((string[])["convnext_base", "dm_nfnet_f3", "swin_large_patch4_window12_384", "tf_efficientnet_l2", "ecaresnet269d"])[model];

    // A third normal and alone; the others one to four defects, the later the class the rarer.
    private static int[] Labels(SplitMix64 random)
    {
        if (random.Next(3) == 0)
            return [0];

        int[] labels = [.. Enumerable.Range(0, 1 + random.Next(4)).Select(_ => 1 + (random.Next(17) * random.Next(17) / 17)).Distinct().Where(label => label < 17).Order()];
        return labels.Length == 0 ? [1] : labels;
    }

    // What is seen is 2 or -2 and noise; the logit that follows from it by Bayes is what a calibrated network would say.
    private static double[] Row(SplitMix64 random, int[] labels, double[] priors, double deviation, double sharpness) =>
        [.. priors.Select((prior, c) =>
        {
            double seen = (labels.Contains(c) ? 2 : -2) + (deviation * Normal(random));
            return 1 / (1 + Math.Exp(-sharpness * ((4 * seen / (deviation * deviation)) + Math.Log(prior / (1 - prior)))));
        })];

    // The sum of twelve uniform numbers less six: as normal as these tests need, without a logarithm.
    private static double Normal(SplitMix64 random) =>
        Enumerable.Range(0, 12).Sum(_ => (random.NextUInt64() >> 11) * (1.0 / (1UL << 53))) - 6;
}
