namespace CloudPipe.Runs;

/// <summary>A training request that cannot be carried out as it stands: no retry will mend it.</summary>
/// <param name="message">What was wrong, with which file or value, and what to do.</param>
/// <param name="innerException">The reason underneath, if any.</param>
public sealed class TrainingException(string message, Exception? innerException = null) : Exception(message, innerException);
