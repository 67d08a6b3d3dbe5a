using CloudPipe.Runs;
namespace CloudPipe.GpuWorker.Training;

/// <summary>How a fold went.</summary>
/// <param name="Architecture">By its catalog name.</param>
/// <param name="FoldIndex">From 0.</param>
/// <param name="KeptEpoch">The epoch whose weights were kept, from 1.</param>
/// <param name="WeightsSha256">Of the weights' file.</param>
/// <param name="Epochs">Each epoch.</param>
public sealed record FoldHistory(string Architecture, int FoldIndex, int KeptEpoch, string WeightsSha256, IReadOnlyList<EpochResult> Epochs);
