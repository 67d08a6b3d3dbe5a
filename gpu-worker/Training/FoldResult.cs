using CloudPipe.Runs;
namespace CloudPipe.GpuWorker.Training;

/// <summary>A trained fold.</summary>
/// <param name="Task">What was asked for.</param>
/// <param name="Epochs">Its history.</param>
/// <param name="KeptEpoch">The epoch whose weights were kept, from 1.</param>
/// <param name="Probabilities">Of the held-out clips, in their order: one row a clip, one column a class; scored with the very file that was written.</param>
public sealed record FoldResult(FoldTask Task, IReadOnlyList<EpochResult> Epochs, int KeptEpoch, IReadOnlyList<IReadOnlyList<double>> Probabilities);
