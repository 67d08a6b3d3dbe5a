namespace CloudPipe.Benchmarks;

/// <summary>A worker process ended, or says that it could not do what it was asked.</summary>
internal sealed class WorkerProcessException(string message) : Exception(message);
