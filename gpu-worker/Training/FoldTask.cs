using CloudPipe.GpuWorker.Training.Checkpoints;

namespace CloudPipe.GpuWorker.Training;

/// <summary>One fold of one architecture.</summary>
/// <param name="Architecture">By its catalog name.</param>
/// <param name="FoldIndex">The fold that is held out, from 0.</param>
/// <param name="TrainingClips">Clips to learn from, as indices into the dataset.</param>
/// <param name="ValidationClips">Clips that are held out.</param>
/// <param name="WeightsPath">Where the safetensors file goes.</param>
/// <param name="Checkpoints">Where the fold's state is saved, and found when it is begun again; <see langword="null"/> for nowhere.</param>
public sealed record FoldTask(
    string Architecture,
    int FoldIndex,
    IReadOnlyList<int> TrainingClips,
    IReadOnlyList<int> ValidationClips,
    string WeightsPath,
    ICheckpointStore? Checkpoints = null)
{
    /// <summary>Hears of every batch that is done; <see langword="null"/> for nobody.</summary>
    public Action<FoldStep>? OnStep { get; init; }

    /// <summary>Hears of each epoch once it is saved, and says whether to go on at once; <see langword="null"/> goes on.</summary>
    public Func<FoldPosition, bool>? GoesOnAfter { get; init; }

    /// <summary>The fold in words.</summary>
    public string Description => $"{Architecture}, fold {FoldIndex}";
}
