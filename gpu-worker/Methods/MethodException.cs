namespace CloudPipe.GpuWorker.Methods;

/// <summary>A network and a method that do not go together.</summary>
/// <param name="message">Which, and what to do.</param>
public sealed class MethodException(string message) : Exception(message);
