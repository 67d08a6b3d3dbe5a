namespace CloudPipe.GpuWorker.Training.Checkpoints;

/// <summary>A checkpoint that cannot be gone on from.</summary>
/// <param name="message">What is wrong with it.</param>
/// <param name="innerException">The reason underneath, if any.</param>
public sealed class CheckpointException(string message, Exception? innerException = null) : Exception(message, innerException);
