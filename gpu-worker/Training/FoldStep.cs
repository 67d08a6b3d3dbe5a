namespace CloudPipe.GpuWorker.Training;

/// <summary>How far a fold is, after one batch.</summary>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="Batch">Batches of the epoch that are done.</param>
/// <param name="Batches">Batches of an epoch.</param>
/// <param name="Loss">The mean loss of the epoch's samples so far.</param>
/// <param name="SamplesPerSecond">Since the epoch began, or the fold went on in it.</param>
public sealed record FoldStep(int Epoch, int Batch, int Batches, double Loss, double SamplesPerSecond);
