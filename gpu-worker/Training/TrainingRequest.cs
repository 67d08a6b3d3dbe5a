using CloudPipe.Labels;
using CloudPipe.Runs;

namespace CloudPipe.GpuWorker.Training;

/// <summary>A training run: what to learn from, what to train, where the release goes.</summary>
public sealed record TrainingRequest
{
    /// <summary>The clips to learn from; <see langword="null"/> where <see cref="Dataset"/> names them.</summary>
    public LabelledVideos? Videos { get; init; }

    /// <summary>The data set to learn from, whose taxonomy and grid then hold; <see langword="null"/> where <see cref="Videos"/> names the clips.</summary>
    public StoredDataset? Dataset { get; init; }

    /// <summary>Clips that no fold sees, to measure the release on; <see langword="null"/> for none.</summary>
    public LabelledVideos? Evaluation { get; init; }

    /// <summary>The release's name: 1 to 64 characters of a-z, 0-9, hyphen and dot.</summary>
    public required string ReleaseName { get; init; }

    /// <summary>Where the release's files go, and tile caches under <c>cache/</c> unless <see cref="CacheFolder"/> says otherwise.</summary>
    public required string OutputFolder { get; init; }

    /// <summary>Where tile datasets are kept between runs.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>The networks, by their catalog names.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = ["convnext_atto"];

    /// <summary>
    /// The weights file, safetensors or PyTorch's, that every fold of the one architecture starts from, its classifier apart
    /// where it has other classes; <see langword="null"/> draws all weights.
    /// </summary>
    public string? InitialWeightsFile { get; init; }

    /// <summary>How many folds.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Tiles per side of a super-image.</summary>
    public int Grid { get; init; } = 3;

    /// <summary>Width and height of a tile in pixels.</summary>
    public int TileSize { get; init; } = 448;

    /// <summary>The longest span that one super-image covers when the release scores, in seconds.</summary>
    public double SegmentSeconds { get; init; } = 60;

    /// <summary>How to train.</summary>
    public TrainingRecipe Recipe { get; init; } = new();

    /// <summary>
    /// Steps from one checkpoint within an epoch to the next; <see langword="null"/> saves at the end of each epoch alone. A
    /// request that is repeated after it was interrupted goes on from there; they are deleted once the release is written.
    /// </summary>
    public int? CheckpointSteps { get; init; }

    /// <summary>Everything random follows from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads of libtorch on the CPU. Another number may change the last bits of the weights.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether weights are stored as float16, half the size.</summary>
    public bool HalfPrecisionWeights { get; init; } = true;

    /// <summary>The classes.</summary>
    public Taxonomy Taxonomy { get; init; } = QvPipeTaxonomy.Taxonomy;
}
