using CloudPipe.Runs;

namespace CloudPipe.GpuWorker.Training.Augmentation;

/// <summary>Draws what is done to the pixels of a clip's tiles: a turn, then the policy's operations, then the colours.</summary>
/// <param name="recipe">How far and by which policy clips are varied.</param>
/// <param name="tileSize">Width and height of a tile in pixels.</param>
internal sealed class ClipAugmentation(TrainingRecipe recipe, int tileSize)
{
    // As torchvision numbers RandAugment's.
    private const int RandAugmentMagnitudes = 31;

    private const long RotationPlace = 0;
    private const long PolicyPlace = 1;
    private const long JitterPlace = 2;

    // RandAugment's operations: all of them but the inversion.
    private static readonly TileOperationKind[] RandAugmentKinds = [.. Enum.GetValues<TileOperationKind>().Where(kind => kind <= TileOperationKind.Equalize)];

    /// <summary>Draws a clip's operations.</summary>
    /// <param name="random">The clip's random numbers.</param>
    /// <returns>In order; none when the recipe asks for none.</returns>
    public IReadOnlyList<TileOperation> Draw(CounterRandom random)
    {
        IEnumerable<TileOperation> policy = recipe.Augmentation switch
        {
            AugmentationKind.RandAugment => DrawRandAugment(random.At(PolicyPlace)),
            AugmentationKind.AutoAugment => DrawAutoAugment(random.At(PolicyPlace)),
            _ => [],
        };
        return [.. DrawRotation(random.At(RotationPlace)), .. policy, .. DrawJitter(random.At(JitterPlace))];
    }

    private static bool IsNegative(CounterRandom random) => (random.Bits & 1) == 1;

    private static double Symmetric(CounterRandom random, double most) => ((2 * random.Fraction) - 1) * most;

    private IEnumerable<TileOperation> DrawRotation(CounterRandom random) =>
        recipe.Rotation > 0 ? [new TileOperation(TileOperationKind.Rotate, Symmetric(random, recipe.Rotation))] : [];

    private IEnumerable<TileOperation> DrawRandAugment(CounterRandom random) => Enumerable.Range(0, recipe.RandAugmentOperations).Select(index =>
    {
        CounterRandom own = random.At(index);
        TileOperationKind kind = RandAugmentKinds[own.At(0).Below(RandAugmentKinds.Length)];
        return MagnitudeScale.Operation(kind, recipe.RandAugmentMagnitude, RandAugmentMagnitudes, tileSize, IsNegative(own.At(1)));
    });

    private IEnumerable<TileOperation> DrawAutoAugment(CounterRandom random)
    {
        (PolicyStep first, PolicyStep second) = AutoAugmentPolicy.ImageNet[random.At(0).Below(AutoAugmentPolicy.ImageNet.Length)];
        foreach ((PolicyStep step, CounterRandom own) in new[] { (first, random.At(1)), (second, random.At(2)) })
        {
            if (own.At(0).Fraction < step.Probability)
                yield return MagnitudeScale.Operation(step.Kind, step.Magnitude, AutoAugmentPolicy.Magnitudes, tileSize, IsNegative(own.At(1)));
        }
    }

    private IEnumerable<TileOperation> DrawJitter(CounterRandom random)
    {
        (TileOperationKind Kind, double Most)[] jitters =
        [
            (TileOperationKind.Brightness, recipe.ColorJitter.Brightness),
            (TileOperationKind.Contrast, recipe.ColorJitter.Contrast),
            (TileOperationKind.Color, recipe.ColorJitter.Saturation),
            (TileOperationKind.Hue, recipe.ColorJitter.Hue),
        ];
        foreach (int index in random.At(jitters.Length).Permutation(jitters.Length))
        {
            (TileOperationKind kind, double most) = jitters[index];
            if (most > 0)
                yield return new TileOperation(kind, kind == TileOperationKind.Hue ? Symmetric(random.At(index), most) : DrawFactor(random.At(index), most) - 1);
        }
    }

    // Uniform between 1 less and 1 more, but not below 0.
    private static double DrawFactor(CounterRandom random, double most)
    {
        double least = Math.Max(0, 1 - most);
        return least + (random.Fraction * (1 + most - least));
    }
}
