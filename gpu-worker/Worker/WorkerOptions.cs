using System.ComponentModel.DataAnnotations;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>How the worker takes messages.</summary>
public sealed class WorkerOptions
{
    /// <summary>The longest wait between two questions to an empty queue; a cloud queue charges for each.</summary>
    /// <value>100 milliseconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:01:00")]
    public TimeSpan LongestIdle { get; set; } = TimeSpan.FromMilliseconds(100);
}
