namespace CloudPipe.GpuWorker.Worker;

/// <summary>Lets a worker end by itself, once its queues are empty.</summary>
/// <param name="Time">From when on it takes no more messages even if some wait, counted from its start; <see langword="null"/> for never. What is in hand then is done to its end.</param>
public sealed record DrainBudget(TimeSpan? Time = null);
