using CloudPipe.Ensembling;
using CloudPipe.Methods;
using CloudPipe.Runs;

namespace CloudPipe.Benchmarks.Ablation;

/// <summary>One way to score held-out clips with trained weights.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cut">The cut of the clips that it scores; <see langword="null"/> for the one that was learnt from.</param>
/// <param name="Augmentation">The views that are averaged.</param>
/// <param name="Pooling">How frames become a video.</param>
internal sealed record AblationMeasure(string Name, string? Cut = null, TestTimeAugmentation? Augmentation = null, FramePooling? Pooling = null)
{
    /// <summary>As it was trained.</summary>
    public const string Plain = "plain";

    private static readonly AblationMeasure[] OfFrames = [new(Plain), new("max", Pooling: FramePooling.Max), new("median", Pooling: FramePooling.Median)];

    private static readonly AblationMeasure[] OfBase =
    [
        new(Plain),
        new("flip", Augmentation: new TestTimeAugmentation(Flip: true)),
        new("shuffle", Augmentation: new TestTimeAugmentation(Shuffle: 4, Seed: 1)),
        new("resample", Cut: AblationData.Dense, Augmentation: new TestTimeAugmentation(Resample: true)),
    ];

    /// <summary>The recipe that scores so.</summary>
    public TrainingRecipe Apply(TrainingRecipe recipe) => Pooling is { } pooling ? recipe with { FramePooling = pooling } : recipe;

    /// <summary>What is measured of a variant.</summary>
    public static IReadOnlyList<AblationMeasure> Of(AblationVariant variant) => variant switch
    {
        { Recipe.Method: MethodKind.Frames } => OfFrames,
        { Name: AblationPlan.Base } => OfBase,
        _ => [new(Plain)],
    };
}
