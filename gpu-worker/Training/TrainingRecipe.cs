namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// How a fold is trained. The defaults follow the VideoPipe 2022 winners' papers where they say: super-images, horizontal
/// flip and tile shuffle only, AdamW, one cycle over 30 epochs with a long warm-up, asymmetric loss, weight averaging.
/// </summary>
public sealed record TrainingRecipe
{
    /// <summary>Passes over the training samples.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Samples that pass through the network together.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Batches whose gradients are averaged before a step.</summary>
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>The learning rate at the cycle's top.</summary>
    public double MaxLearningRate { get; init; } = 1e-3;

    /// <summary>The cycle starts at the top divided by this.</summary>
    public double InitialDivisor { get; init; } = 25;

    /// <summary>The cycle ends at its start divided by this.</summary>
    public double FinalDivisor { get; init; } = 1e4;

    /// <summary>The part of all steps in which the learning rate rises, 0..1.</summary>
    public double WarmUpFraction { get; init; } = 0.3;

    /// <summary>AdamW's decoupled weight decay, for weights of two and more dimensions; biases, norms and scales have none.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>Gradients are scaled down to this norm; 0 leaves them as they are.</summary>
    public double GradientClipNorm { get; init; } = 1;

    /// <summary>The asymmetric loss's focusing of negatives.</summary>
    public double GammaNegative { get; init; } = 4;

    /// <summary>The asymmetric loss's focusing of positives.</summary>
    public double GammaPositive { get; init; }

    /// <summary>The asymmetric loss's probability margin: negatives below it do not count.</summary>
    public double ProbabilityMargin { get; init; } = 0.05;

    /// <summary>The moving average of the weights keeps this part of itself at each step, 0..1.</summary>
    public double EmaDecay { get; init; } = 0.9997;

    /// <summary>Stochastic depth's rate for the last block, 0..1.</summary>
    public double DropPathRate { get; init; } = 0.1;

    /// <summary>Where layer scale starts.</summary>
    public double LayerScaleInitialValue { get; init; } = 1e-6;

    /// <summary>Whether half of the samples have their tiles mirrored left to right.</summary>
    public bool HorizontalFlip { get; init; } = true;

    /// <summary>Whether a sample's tiles stand in a random order.</summary>
    public bool TileShuffle { get; init; } = true;

    /// <summary>Which epoch's weights are kept.</summary>
    public EpochSelection EpochSelection { get; init; }

    /// <summary>The held-out fold is scored every so many epochs, and after the last.</summary>
    public int ValidationInterval { get; init; } = 1;

    /// <summary>Per channel (red, green, blue), subtracted from pixels of 0..1; ImageNet's by default.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.485, 0.456, 0.406];

    /// <summary>Per channel, divides what is left; ImageNet's by default.</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [0.229, 0.224, 0.225];

    /// <summary>Checks every value.</summary>
    /// <exception cref="TrainingException">Names the value and its range.</exception>
    public void Validate()
    {
        Require(Epochs is >= 1 and <= 10_000, nameof(Epochs), Epochs, "1 to 10000");
        Require(BatchSize is >= 1 and <= 4096, nameof(BatchSize), BatchSize, "1 to 4096");
        Require(GradientAccumulation is >= 1 and <= 4096, nameof(GradientAccumulation), GradientAccumulation, "1 to 4096");
        Require(MaxLearningRate is > 0 and <= 10, nameof(MaxLearningRate), MaxLearningRate, "above 0, at most 10");
        Require(InitialDivisor is >= 1 and <= 1e9, nameof(InitialDivisor), InitialDivisor, "1 to 1e9");
        Require(FinalDivisor is >= 1 and <= 1e9, nameof(FinalDivisor), FinalDivisor, "1 to 1e9");
        Require(WarmUpFraction is > 0 and < 1, nameof(WarmUpFraction), WarmUpFraction, "above 0, below 1");
        Require(WeightDecay is >= 0 and <= 1, nameof(WeightDecay), WeightDecay, "0 to 1");
        Require(GradientClipNorm is >= 0 and <= 1e6, nameof(GradientClipNorm), GradientClipNorm, "0 to 1e6");
        Require(GammaNegative is >= 0 and <= 10, nameof(GammaNegative), GammaNegative, "0 to 10");
        Require(GammaPositive is >= 0 and <= 10, nameof(GammaPositive), GammaPositive, "0 to 10");
        Require(ProbabilityMargin is >= 0 and < 1, nameof(ProbabilityMargin), ProbabilityMargin, "0, below 1");
        Require(EmaDecay is >= 0 and < 1, nameof(EmaDecay), EmaDecay, "0, below 1");
        Require(DropPathRate is >= 0 and < 1, nameof(DropPathRate), DropPathRate, "0, below 1");
        Require(LayerScaleInitialValue is > 0 and <= 1, nameof(LayerScaleInitialValue), LayerScaleInitialValue, "above 0, at most 1");
        Require(ValidationInterval >= 1, nameof(ValidationInterval), ValidationInterval, "1 and more");
        Require(Mean.Count == 3 && Mean.All(double.IsFinite), nameof(Mean), string.Join(", ", Mean), "three numbers");
        Require(StandardDeviation.Count == 3 && StandardDeviation.All(value => value is > 0 and < 1e6), nameof(StandardDeviation), string.Join(", ", StandardDeviation), "three numbers above 0");
    }

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
            throw new TrainingException($"The recipe's {char.ToLowerInvariant(name[0])}{name[1..]} is {value}; it must be {range}.");
    }
}
