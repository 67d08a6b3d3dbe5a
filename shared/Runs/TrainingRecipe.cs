using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CloudPipe.Messages;
using CloudPipe.Methods;

namespace CloudPipe.Runs;

/// <summary>
/// How a fold is trained. The defaults follow the VideoPipe 2022 winners' papers where they say: super-images, horizontal
/// flip and tile shuffle only, AdamW, one cycle over 30 epochs with a long warm-up, asymmetric loss, weight averaging.
/// </summary>
public sealed record TrainingRecipe
{
    // A misspelt field would train with its default unnoticed.
    private static readonly JsonSerializerOptions Strict = new(CloudPipeJson.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>What the network sees of a video, and how its answers become the video's. The release scores by the same method.</summary>
    public MethodKind Method { get; init; }

    /// <summary>Frames: how the probabilities of a video's frames become the video's.</summary>
    public FramePooling FramePooling { get; init; }

    /// <summary>Frames: how many of a video's frames, drawn anew in each epoch, are learnt from; 0 for all.</summary>
    public int FramesPerSample { get; init; }

    /// <summary>Feature memory: how many of a video's clips, drawn anew in each epoch, are encoded and learnt from; the features of the others are those remembered.</summary>
    public int ClipsPerSample { get; init; } = 1;

    /// <summary>Feature memory: how many blocks the transformer has that reads the clips' features.</summary>
    public int HeadLayers { get; init; } = 2;

    /// <summary>Feature memory: into how many parts the transformer's attention divides its width.</summary>
    public int HeadAttentionHeads { get; init; } = 4;

    /// <summary>Feature memory: channels of the transformer's tokens; a multiple of its attention heads.</summary>
    public int HeadWidth { get; init; } = 256;

    /// <summary>Passes over the training samples.</summary>
    public int Epochs { get; init; } = 30;

    /// <summary>Samples that pass through the network together.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Batches whose gradients are averaged before a step.</summary>
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>What turns gradients into steps.</summary>
    public OptimizerKind Optimizer { get; init; }

    /// <summary>SGD's momentum, 0..1; the one-cycle schedule moves it between 0.85 and 0.95 unless it is 0. AdamW has its betas.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Whether SGD's momentum looks ahead (Nesterov).</summary>
    public bool Nesterov { get; init; } = true;

    /// <summary>How the learning rate changes over the run.</summary>
    public ScheduleKind Schedule { get; init; }

    /// <summary>The learning rate at the schedule's top.</summary>
    public double MaxLearningRate { get; init; } = 1e-3;

    /// <summary>The schedule starts at the top divided by this.</summary>
    public double InitialDivisor { get; init; } = 25;

    /// <summary>The schedule ends at its start divided by this.</summary>
    public double FinalDivisor { get; init; } = 1e4;

    /// <summary>The part of all steps in which the learning rate rises, 0..1.</summary>
    public double WarmUpFraction { get; init; } = 0.3;

    /// <summary>Warm restarts: epochs of the first cosine wave (T0).</summary>
    public double RestartEpochs { get; init; } = 10;

    /// <summary>Warm restarts: how many times longer each wave is than the one before (Tmult).</summary>
    public double RestartMultiplier { get; init; } = 2;

    /// <summary>Weight decay, AdamW's decoupled; biases, norms, scales and relative position tables have none.</summary>
    public double WeightDecay { get; init; } = 0.05;

    /// <summary>A layer learns by this factor slower than the layer above it, 0..1; 1 trains all layers alike.</summary>
    public double LayerDecay { get; init; } = 1;

    /// <summary>How gradients are kept from growing too large.</summary>
    public ClippingKind GradientClipping { get; init; }

    /// <summary>Clipping by norm: all gradients together are scaled down to this norm.</summary>
    public double GradientClipNorm { get; init; } = 1;

    /// <summary>Adaptive clipping: a unit's gradient is scaled down to this part of its weights' norm.</summary>
    public double AdaptiveClipFactor { get; init; } = 0.01;

    /// <summary>What the passes through the network compute in.</summary>
    public TrainingPrecision Precision { get; init; }

    /// <summary>Whether blocks are computed again in the backward pass, which takes less memory and more time; the weights come out the same.</summary>
    public bool GradientCheckpointing { get; init; }

    /// <summary>What training makes small.</summary>
    public LossKind Loss { get; init; }

    /// <summary>Binary cross-entropy: how far targets move from 0 and 1 towards one half, 0..1.</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Which clips an epoch is made of.</summary>
    public SamplingKind Sampling { get; init; }

    /// <summary>Class-balanced sampling: 0 draws all clips alike; the nearer to 1, the more often those with rare classes.</summary>
    public double ClassBalanceBeta { get; init; } = 0.999;

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

    /// <summary>Whether a super-image's tiles stand in a random order; clips keep theirs, which is time's.</summary>
    public bool TileShuffle { get; init; } = true;

    /// <summary>Whether half of the samples have their tiles mirrored top to bottom; off in the papers, where it lowers the score.</summary>
    public bool VerticalFlip { get; init; }

    /// <summary>A sample's tiles are turned by at most so many degrees to either side, all alike, 0 to 180; what comes in at the corners is black.</summary>
    public double Rotation { get; init; }

    /// <summary>How far a sample's colours are varied, all its tiles alike.</summary>
    public ColorJitter ColorJitter { get; init; } = new();

    /// <summary>By which policy samples are varied besides, all tiles of one alike.</summary>
    public AugmentationKind Augmentation { get; init; }

    /// <summary>RandAugment: operations a sample (N).</summary>
    public int RandAugmentOperations { get; init; } = 2;

    /// <summary>RandAugment: their magnitude (M), 0 to 30.</summary>
    public int RandAugmentMagnitude { get; init; } = 9;

    /// <summary>Which frame each tile shows, where the data set has several for it.</summary>
    public FrameChoice FrameChoice { get; init; }

    /// <summary>Which epoch's weights are kept.</summary>
    public EpochSelection EpochSelection { get; init; }

    /// <summary>The held-out fold is scored every so many epochs, and after the last.</summary>
    public int ValidationInterval { get; init; } = 1;

    /// <summary>The fold ends after so many measurements in a row that are no better than the best before; 0 goes on to the last epoch.</summary>
    public int EarlyStopPatience { get; init; }

    /// <summary>Per channel (red, green, blue), subtracted from pixels of 0..1; ImageNet's by default.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.485, 0.456, 0.406];

    /// <summary>Per channel, divides what is left; ImageNet's by default.</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [0.229, 0.224, 0.225];

    /// <summary>Reads a recipe; what it does not name has its default.</summary>
    /// <param name="json">A JSON object of these properties in camel case.</param>
    /// <returns>The recipe, checked.</returns>
    /// <exception cref="TrainingException">It is no such JSON, names what no recipe has, or a value is out of range.</exception>
    public static TrainingRecipe Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            TrainingRecipe recipe = JsonSerializer.Deserialize<TrainingRecipe>(json, Strict) ?? throw new TrainingException("A recipe is a JSON object, not null.");
            recipe.Validate();
            return recipe;
        }
        catch (JsonException exception)
        {
            throw new TrainingException($"The recipe cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Checks every value.</summary>
    /// <returns>One sentence a fault: the value and its range.</returns>
    public IEnumerable<string> Faults()
    {
        (bool Holds, string Name, object Value, string Range)[] rules =
        [
            (Enum.IsDefined(Method), nameof(Method), Method, Names<MethodKind>()),
            (Enum.IsDefined(FramePooling), nameof(FramePooling), FramePooling, Names<FramePooling>()),
            (FramesPerSample is >= 0 and <= 1000, nameof(FramesPerSample), FramesPerSample, "0 to 1000"),
            (ClipsPerSample is >= 1 and <= 1000, nameof(ClipsPerSample), ClipsPerSample, "1 to 1000"),
            (HeadLayers is >= 1 and <= 24, nameof(HeadLayers), HeadLayers, "1 to 24"),
            (HeadAttentionHeads is >= 1 and <= 64, nameof(HeadAttentionHeads), HeadAttentionHeads, "1 to 64"),
            (HeadWidth is >= 8 and <= 4096 && HeadWidth % Math.Max(1, HeadAttentionHeads) == 0, nameof(HeadWidth), HeadWidth, "8 to 4096 and a multiple of headAttentionHeads"),
            (Epochs is >= 1 and <= 10_000, nameof(Epochs), Epochs, "1 to 10000"),
            (BatchSize is >= 1 and <= 4096, nameof(BatchSize), BatchSize, "1 to 4096"),
            (GradientAccumulation is >= 1 and <= 4096, nameof(GradientAccumulation), GradientAccumulation, "1 to 4096"),
            (MaxLearningRate is > 0 and <= 10, nameof(MaxLearningRate), MaxLearningRate, "above 0, at most 10"),
            (InitialDivisor is >= 1 and <= 1e9, nameof(InitialDivisor), InitialDivisor, "1 to 1e9"),
            (FinalDivisor is >= 1 and <= 1e9, nameof(FinalDivisor), FinalDivisor, "1 to 1e9"),
            (WarmUpFraction is > 0 and < 1, nameof(WarmUpFraction), WarmUpFraction, "above 0, below 1"),
            (Momentum is >= 0 and < 1, nameof(Momentum), Momentum, "0, below 1"),
            (Optimizer != OptimizerKind.Sgd || !Nesterov || Momentum > 0, nameof(Momentum), Momentum, "above 0 with nesterov"),
            (RestartEpochs is > 0 and <= 10_000, nameof(RestartEpochs), RestartEpochs, "above 0, at most 10000"),
            (RestartMultiplier is >= 1 and <= 100, nameof(RestartMultiplier), RestartMultiplier, "1 to 100"),
            (LayerDecay is > 0 and <= 1, nameof(LayerDecay), LayerDecay, "above 0, at most 1"),
            (WeightDecay is >= 0 and <= 1, nameof(WeightDecay), WeightDecay, "0 to 1"),
            (GradientClipNorm is > 0 and <= 1e6, nameof(GradientClipNorm), GradientClipNorm, "above 0, at most 1e6; gradientClipping none clips nothing"),
            (AdaptiveClipFactor is > 0 and <= 100, nameof(AdaptiveClipFactor), AdaptiveClipFactor, "above 0, at most 100"),
            (LabelSmoothing is >= 0 and < 1, nameof(LabelSmoothing), LabelSmoothing, "0, below 1"),
            (ClassBalanceBeta is >= 0 and < 1, nameof(ClassBalanceBeta), ClassBalanceBeta, "0, below 1"),
            (EarlyStopPatience >= 0, nameof(EarlyStopPatience), EarlyStopPatience, "0 and more"),
            (Enum.IsDefined(Optimizer), nameof(Optimizer), Optimizer, Names<OptimizerKind>()),
            (Enum.IsDefined(Schedule), nameof(Schedule), Schedule, Names<ScheduleKind>()),
            (Enum.IsDefined(GradientClipping), nameof(GradientClipping), GradientClipping, Names<ClippingKind>()),
            (Enum.IsDefined(Precision), nameof(Precision), Precision, Names<TrainingPrecision>()),
            (Enum.IsDefined(Loss), nameof(Loss), Loss, Names<LossKind>()),
            (Enum.IsDefined(Sampling), nameof(Sampling), Sampling, Names<SamplingKind>()),
            (GammaNegative is >= 0 and <= 10, nameof(GammaNegative), GammaNegative, "0 to 10"),
            (GammaPositive is >= 0 and <= 10, nameof(GammaPositive), GammaPositive, "0 to 10"),
            (ProbabilityMargin is >= 0 and < 1, nameof(ProbabilityMargin), ProbabilityMargin, "0, below 1"),
            (EmaDecay is >= 0 and < 1, nameof(EmaDecay), EmaDecay, "0, below 1"),
            (DropPathRate is >= 0 and < 1, nameof(DropPathRate), DropPathRate, "0, below 1"),
            (LayerScaleInitialValue is > 0 and <= 1, nameof(LayerScaleInitialValue), LayerScaleInitialValue, "above 0, at most 1"),
            (Rotation is >= 0 and <= 180, nameof(Rotation), Rotation, "0 to 180 degrees"),
            (ColorJitter is { Brightness: >= 0 and <= 10, Contrast: >= 0 and <= 10, Saturation: >= 0 and <= 10, Hue: >= 0 and <= 0.5 }, nameof(ColorJitter), ColorJitter, "0 to 10 each, hue 0 to 0.5"),
            (Enum.IsDefined(Augmentation), nameof(Augmentation), Augmentation, Names<AugmentationKind>()),
            (RandAugmentOperations is >= 1 and <= 14, nameof(RandAugmentOperations), RandAugmentOperations, "1 to 14"),
            (RandAugmentMagnitude is >= 0 and <= 30, nameof(RandAugmentMagnitude), RandAugmentMagnitude, "0 to 30"),
            (Enum.IsDefined(FrameChoice), nameof(FrameChoice), FrameChoice, Names<FrameChoice>()),
            (ValidationInterval >= 1, nameof(ValidationInterval), ValidationInterval, "1 and more"),
            (Mean.Count == 3 && Mean.All(double.IsFinite), nameof(Mean), string.Join(", ", Mean), "three numbers"),
            (StandardDeviation.Count == 3 && StandardDeviation.All(value => value is > 0 and < 1e6), nameof(StandardDeviation), string.Join(", ", StandardDeviation), "three numbers above 0"),
        ];
        return rules.Where(rule => !rule.Holds).Select(rule =>
            string.Create(CultureInfo.InvariantCulture, $"The recipe's {char.ToLowerInvariant(rule.Name[0])}{rule.Name[1..]} is {rule.Value}; it must be {rule.Range}."));
    }

    /// <summary>Checks whether the method can learn from a data set.</summary>
    /// <param name="grid">Tiles per side of a super-image.</param>
    /// <param name="frames">Frames that are stored of each video.</param>
    /// <returns>One sentence a fault: what is wanting, and what to do.</returns>
    public IEnumerable<string> FaultsFor(int grid, int frames)
    {
        int clips = frames / (grid * grid);
        if (Method == MethodKind.Frames && FramesPerSample > frames)
            yield return $"The recipe's framesPerSample is {FramesPerSample}, and the data set has {frames} frames of a video. Ask for fewer, or import it with more.";
        if (Method == MethodKind.FeatureMemory && clips < 2)
            yield return $"The method featureMemory needs several clips of a video, each of {grid * grid} frames, and the data set has {frames} frames of a video. Import it sampled densely with more frames: a multiple of {grid * grid}.";
        else if (Method == MethodKind.FeatureMemory && ClipsPerSample > clips)
            yield return $"The recipe's clipsPerSample is {ClipsPerSample}, and the data set has {clips} clips of a video. Ask for fewer, or import it with more frames.";
    }

    /// <summary>The method of a network that was trained so.</summary>
    /// <returns>The method; <see langword="null"/> for super-images.</returns>
    public MemberMethod? MemberMethod() => Method switch
    {
        MethodKind.SuperImage => null,
        MethodKind.Frames => new MemberMethod(Method, FramePooling),
        MethodKind.FeatureMemory => new MemberMethod(Method, Head: new FeatureHead(HeadLayers, HeadAttentionHeads, HeadWidth)),
        _ => new MemberMethod(Method),
    };

    /// <summary>Checks every value.</summary>
    /// <exception cref="TrainingException">Names every value that is out of its range.</exception>
    public void Validate()
    {
        string[] faults = [.. Faults()];
        if (faults.Length > 0)
            throw new TrainingException(string.Join(" ", faults));
    }

    private static string Names<T>()
        where T : struct, Enum => $"one of {string.Join(", ", Enum.GetNames<T>())}";
}
