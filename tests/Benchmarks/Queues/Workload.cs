namespace CloudPipe.Benchmarks.Queues;

/// <summary>What the workers of the queue benchmark do.</summary>
internal enum Workload
{
    /// <summary>Insert and delete rows, one connection a worker.</summary>
    Bare,

    /// <summary>Send, receive and complete messages, one queue a process.</summary>
    Queue,
}
