using CloudPipe.Methods;
using CloudPipe.Runs;

namespace CloudPipe.Benchmarks.Ablation;

/// <summary>What is trained and which rows that gives.</summary>
internal static class AblationPlan
{
    /// <summary>The training that everything is compared with: the papers' recipe on super-images.</summary>
    public const string Base = "base";

    /// <summary>A row of all folds' average.</summary>
    public const string FoldsMeasure = "folds";

    /// <summary>The same after the rule for the normal class.</summary>
    public const string NormalRuleMeasure = "normal-rule";

    /// <summary>Folds of the ensemble.</summary>
    public const int Folds = 5;

    private const string Methods = "What the network sees";
    private const string Training = "How it is trained";
    private const string Scoring = "How it scores";
    private const string Adopted = "adopted";
    private const string Dropped = "dropped";

    /// <summary>Every row, in order; the first of each table is what the others are compared with.</summary>
    public static IReadOnlyList<AblationRow> Rows { get; } =
    [
        new(Methods, "super-image, 3×3, uniform", Adopted, Base),
        new(Methods, "frames one by one, mean", Dropped, "frames"),
        new(Methods, "frames one by one, max", Dropped, "frames", "max"),
        new(Methods, "frames one by one, median", Dropped, "frames", "median"),
        new(Methods, "3×3, consecutive frames", Dropped, "sequence"),
        new(Methods, "4×4", Dropped, "4x4"),
        new(Methods, "5×5", Dropped, "5x5"),
        new(Methods, "feature memory, 3 super-images of a clip", "named as future work", "memory"),
        new(Training, "flip, shuffle, EMA, long warm-up", Adopted, Base),
        new(Training, "no horizontal flip", Dropped, "no-flip"),
        new(Training, "no tile shuffle", Dropped, "no-shuffle"),
        new(Training, "vertical flip too", Dropped, "vertical-flip"),
        new(Training, "rotation of up to 15° too", Dropped, "rotation"),
        new(Training, "colour jitter too", Dropped, "color-jitter"),
        new(Training, "RandAugment too", Dropped, "rand-augment"),
        new(Training, "AutoAugment too", Dropped, "auto-augment"),
        new(Training, "no EMA", Dropped, "no-ema"),
        new(Training, "short warm-up, 5 % of the steps", Dropped, "short-warm-up"),
        new(Scoring, "one fold, plain view", "", Base),
        new(Scoring, "mirrored view too", "", Base, "flip"),
        new(Scoring, "four other orders of the tiles too", "", Base, "shuffle"),
        new(Scoring, "two other samplings too", "", Base, "resample"),
        new(Scoring, "average of five folds", Adopted, Base, FoldsMeasure),
        new(Scoring, "average of five folds, ZC rule at 0.9", Adopted, Base, NormalRuleMeasure),
    ];

    /// <summary>Every training.</summary>
    /// <param name="recipe">The papers' recipe, scaled to the network and the clips.</param>
    /// <returns>The first is the one that the others differ from.</returns>
    public static IReadOnlyList<AblationVariant> Variants(TrainingRecipe recipe) =>
    [
        new(Base, AblationData.Uniform3, recipe, Folds),
        new("frames", AblationData.Uniform3, recipe with { Method = MethodKind.Frames }),
        new("sequence", AblationData.Sequence, recipe),
        new("4x4", AblationData.Uniform4, recipe),
        new("5x5", AblationData.Uniform5, recipe),
        new("memory", AblationData.Dense, recipe with { Method = MethodKind.FeatureMemory, HeadWidth = 128 }),
        new("no-flip", AblationData.Uniform3, recipe with { HorizontalFlip = false }),
        new("no-shuffle", AblationData.Uniform3, recipe with { TileShuffle = false }),
        new("vertical-flip", AblationData.Uniform3, recipe with { VerticalFlip = true }),
        new("rotation", AblationData.Uniform3, recipe with { Rotation = 15 }),
        new("color-jitter", AblationData.Uniform3, recipe with { ColorJitter = new(0.4, 0.4, 0.4, 0.1) }),
        new("rand-augment", AblationData.Uniform3, recipe with { Augmentation = AugmentationKind.RandAugment }),
        new("auto-augment", AblationData.Uniform3, recipe with { Augmentation = AugmentationKind.AutoAugment }),
        new("no-ema", AblationData.Uniform3, recipe with { EmaDecay = 0 }),
        new("short-warm-up", AblationData.Uniform3, recipe with { WarmUpFraction = 0.05 }),
    ];
}
