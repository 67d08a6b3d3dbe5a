namespace CloudPipe.GpuWorker.Training;

/// <summary>What one epoch came to.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="Loss">The mean loss of a training sample.</param>
/// <param name="MeanAveragePrecision">On the held-out fold with the averaged weights, 0..1; <see langword="null"/> where it was not scored.</param>
public sealed record EpochResult(int Epoch, double Loss, double? MeanAveragePrecision);
