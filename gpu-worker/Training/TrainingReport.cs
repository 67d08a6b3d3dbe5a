using System.Globalization;
using System.Text;
using CloudPipe.Runs;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// What a run came to. It holds nothing that two runs of the same request on one machine would not share: no times, no paths.
/// </summary>
/// <param name="ReleaseName">The release.</param>
/// <param name="Architectures">The networks, in the order of the columns.</param>
/// <param name="Folds">How many folds.</param>
/// <param name="Seed">Everything random followed from it.</param>
/// <param name="Threads">Of libtorch.</param>
/// <param name="Grid">Tiles per side of a super-image.</param>
/// <param name="TileSize">In pixels.</param>
/// <param name="Recipe">How it was trained.</param>
/// <param name="TrainingClips">Clips that were learnt from.</param>
/// <param name="TrainingSha256">Of their tiles and labels.</param>
/// <param name="EvaluationClips">Clips of the evaluation; <see langword="null"/> without one.</param>
/// <param name="Skipped">Clips that could not be cut, and why.</param>
/// <param name="OutOfFoldMeanAveragePrecision">By architecture: the mean over classes that have a clip, 0..1.</param>
/// <param name="EvaluationMeanAveragePrecision">Of the whole ensemble; <see langword="null"/> without an evaluation.</param>
/// <param name="Classes">One row a class.</param>
/// <param name="History">One entry a fold.</param>
/// <param name="InitialWeights">What every fold started from; <see langword="null"/> where all weights were drawn.</param>
public sealed record TrainingReport(
    string ReleaseName,
    IReadOnlyList<string> Architectures,
    int Folds,
    int Seed,
    int Threads,
    int Grid,
    int TileSize,
    TrainingRecipe Recipe,
    int TrainingClips,
    string TrainingSha256,
    int? EvaluationClips,
    IReadOnlyDictionary<string, string> Skipped,
    IReadOnlyList<double> OutOfFoldMeanAveragePrecision,
    double? EvaluationMeanAveragePrecision,
    IReadOnlyList<ClassScore> Classes,
    IReadOnlyList<FoldHistory> History,
    InitialWeights? InitialWeights = null)
{
    /// <summary>The table of average precision per class, in Markdown.</summary>
    /// <returns>Markdown.</returns>
    public string ToMarkdown()
    {
        bool evaluated = EvaluationMeanAveragePrecision is not null;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Release {ReleaseName}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{string.Join(", ", Architectures)} · {Folds} folds · {Grid}×{Grid} tiles of {TileSize} px · {Recipe.Epochs} epochs · seed {Seed} · {TrainingClips} clips");
        text.Append(evaluated ? string.Create(CultureInfo.InvariantCulture, $" · evaluated on {EvaluationClips} clips that no fold has seen\n\n") : "\n\n");
        text.Append("Average precision, in percent.\n\n");
        Row(["class", "clips", .. Architectures.Select(architecture => $"{architecture}, out of fold"), .. evaluated ? ["evaluation clips", "ensemble, evaluation"] : Array.Empty<string>()]);
        Row(["---", "---:", .. Architectures.Select(_ => "---:"), .. evaluated ? ["---:", "---:"] : Array.Empty<string>()]);
        foreach (ClassScore score in Classes)
        {
            Row([
                $"{score.Index} {score.Code} {score.Name}",
                Number(score.TrainingClips),
                .. score.OutOfFold.Select(value => score.TrainingClips == 0 ? "–" : Percent(value)),
                .. evaluated ? [Number(score.EvaluationClips!.Value), score.EvaluationClips == 0 ? "–" : Percent(score.Evaluation!.Value)] : Array.Empty<string>(),
            ]);
        }

        Row([
            "**mean**",
            Number(TrainingClips),
            .. OutOfFoldMeanAveragePrecision.Select(value => $"**{Percent(value)}**"),
            .. evaluated ? [Number(EvaluationClips!.Value), $"**{Percent(EvaluationMeanAveragePrecision!.Value)}**"] : Array.Empty<string>(),
        ]);
        return text.ToString();

        void Row(IEnumerable<string> cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
    }

    private static string Percent(double value) => (100 * value).ToString("F1", CultureInfo.InvariantCulture);

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
