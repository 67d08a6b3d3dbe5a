using System.Globalization;
using System.Text;
using System.Text.Json;
using CloudPipe.Datasets;
using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Labels;
using CloudPipe.Messages;
using CloudPipe.Metrics;

namespace CloudPipe.Benchmarks.Ablation;

/// <summary>Puts a study's predictions into tables.</summary>
internal static class AblationReport
{
    /// <summary>Writes the Markdown, and the JSON beside it.</summary>
    public static async Task WriteAsync(AblationSettings settings, string path)
    {
        using TileDataset heldOut = await new AblationData(settings.Clips, settings.Work, settings.TileSize).OpenAsync("heldout", AblationData.Uniform3);
        using TileDataset training = await new AblationData(settings.Clips, settings.Work, settings.TileSize).OpenAsync("train", AblationData.Uniform3);
        AblationFigures[] figures = [.. AblationPlan.Rows.Select(row => new AblationFigures(row, [.. Enumerable.Range(1, settings.Seeds).Select(seed => Measure(settings, row, seed, heldOut.Labels))]))];
        await File.WriteAllTextAsync(path, Markdown(settings, figures, training.Count, heldOut.Count));
        await File.WriteAllBytesAsync(Path.ChangeExtension(path, ".json"), JsonSerializer.SerializeToUtf8Bytes(figures, CloudPipeJson.Indented));
    }

    private static double Measure(AblationSettings settings, AblationRow row, int seed, IReadOnlyList<IReadOnlyList<int>> labels)
    {
        double[][] probabilities = row.Measure is AblationPlan.FoldsMeasure or AblationPlan.NormalRuleMeasure
            ? Average([.. Enumerable.Range(0, AblationPlan.Folds).Select(fold => new AblationCell(row.Variant, seed, fold).Read(settings.Work)[AblationMeasure.Plain])])
            : new AblationCell(row.Variant, seed, 0).Read(settings.Work)[row.Measure];
        if (row.Measure == AblationPlan.NormalRuleMeasure)
        {
            var rule = new PostProcessing();
            foreach (double[] clip in probabilities)
                rule.ApplyNormalRule(clip, QvPipeTaxonomy.Taxonomy.NormalIndex);
        }

        return AveragePrecision.Report(probabilities, labels, QvPipeTaxonomy.Taxonomy.Count).Macro;
    }

    private static double[][] Average(double[][][] folds) =>
        [.. folds[0].Select((row, clip) => row.Select((_, c) => folds.Average(fold => fold[clip][c])).ToArray())];

    private static string Markdown(AblationSettings settings, AblationFigures[] figures, int trainingClips, int heldOutClips)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # Ablations on PipeSim

            `make ablation`: {settings.Architecture} from random weights, tiles of {settings.TileSize} pixels, {settings.Recipe.Epochs} epochs on four fifths of {trainingClips} synthetic clips, mAP in percent on {heldOutClips} others; {settings.Seeds} seeds, ± their standard deviation. *Difference*: to the table's first row with the same seed.

            *Papers*: what the UrbanPipe and VideoPipe solutions did with it on real footage. Their figures were not at hand; synthetic clips and a small network without pretraining need not agree with them, and what disagrees stands here as it came out.

            """);
        foreach (IGrouping<string, AblationFigures> table in figures.GroupBy(row => row.Row.Table))
        {
            AblationFigures first = table.First();
            text.Append(CultureInfo.InvariantCulture, $"\n| {table.Key.ToLowerInvariant()} | papers | mAP | difference |\n| --- | --- | ---: | ---: |\n");
            foreach (AblationFigures row in table)
            {
                double[] differences = [.. row.Precisions.Zip(first.Precisions, (mine, other) => mine - other)];
                text.Append(CultureInfo.InvariantCulture, $"| {row.Row.Label} | {row.Row.Papers} | {Percent(row.Precisions)} | {(row == first ? "" : Signed(differences))} |\n");
            }
        }

        return text.ToString();
    }

    private static string Percent(IReadOnlyList<double> values) => string.Create(CultureInfo.InvariantCulture, $"{100 * values.Average():F1} ± {100 * Deviation(values):F1}");

    private static string Signed(IReadOnlyList<double> values) => string.Create(CultureInfo.InvariantCulture, $"{100 * values.Average():+0.0;−0.0} ± {100 * Deviation(values):F1}");

    private static double Deviation(IReadOnlyList<double> values)
    {
        double mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / Math.Max(1, values.Count - 1));
    }
}
