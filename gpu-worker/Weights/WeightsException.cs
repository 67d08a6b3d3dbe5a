namespace CloudPipe.GpuWorker.Weights;

/// <summary>A weights file that cannot be used: no retry will mend it.</summary>
/// <param name="message">What was wrong, with which file and key, and what to do.</param>
/// <param name="innerException">The reason underneath, if any.</param>
public sealed class WeightsException(string message, Exception? innerException = null) : Exception(message, innerException);
