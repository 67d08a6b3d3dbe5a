using System.ComponentModel.DataAnnotations;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>How the worker takes messages.</summary>
public sealed class WorkerOptions
{
    /// <summary>How many shards are in hand at once: while the network scores one, the next is fetched and decoded, and shards of one ensemble travel through it together.</summary>
    /// <value>2 by default.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;

    /// <summary>The longest wait between two questions to an empty queue; a cloud queue charges for each.</summary>
    /// <value>100 milliseconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:01:00")]
    public TimeSpan LongestIdle { get; set; } = TimeSpan.FromMilliseconds(100);
}
