using CloudPipe.Ensembling;
using CloudPipe.Evaluation;

namespace CloudPipe.Runs;

/// <summary>What to train: the content of <c>training/&lt;run&gt;.json</c>. Only the data set must be named.</summary>
public sealed record RunRequest
{
    /// <summary>The data set to learn from, by name.</summary>
    public required string Dataset { get; init; }

    /// <summary>A data set that no fold sees, to measure the release on; <see langword="null"/> for none.</summary>
    public string? Evaluation { get; init; }

    /// <summary>The release's name; <see langword="null"/> for the request's file name.</summary>
    public string? Release { get; init; }

    /// <summary>The networks.</summary>
    public IReadOnlyList<RunModel> Models { get; init; } = [new RunModel("convnext_base")];

    /// <summary>How many folds.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>1 to spread labels evenly over the folds, 2 to spread pairs of labels as well.</summary>
    public int StratificationOrder { get; init; } = 1;

    /// <summary>Decides everything random.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How the release weighs its networks; <see langword="null"/> takes what does best on samples that it was not chosen on.</summary>
    public EnsembleWeighting? Weighting { get; init; }

    /// <summary>Whether the release lists defects by thresholds of their own per class, and calibrates its probabilities, both chosen out of fold.</summary>
    public bool Calibration { get; init; }

    /// <summary>Views of a super-image that the release averages, and the folds' measurements after training with it; <see langword="null"/> for the plain one alone.</summary>
    public TestTimeAugmentation? TestTimeAugmentation { get; init; }

    /// <summary>The longest span that one super-image covers when the release scores, in seconds.</summary>
    public double SegmentSeconds { get; init; } = 60;

    /// <summary>Whether weights are stored as float16.</summary>
    public bool HalfPrecisionWeights { get; init; }

    /// <summary>How the networks are trained.</summary>
    public TrainingRecipe Recipe { get; init; } = new();
}
