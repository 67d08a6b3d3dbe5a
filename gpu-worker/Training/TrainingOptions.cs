using System.ComponentModel.DataAnnotations;

namespace CloudPipe.GpuWorker.Training;

/// <summary>How the worker trains folds of training runs.</summary>
public sealed class TrainingOptions
{
    /// <summary>Where fetched shards, decoded tiles and initial weights are kept as files; empty takes a folder beside the system's temporary files.</summary>
    /// <value>Empty by default.</value>
    public string CacheFolder { get; set; } = "";

    /// <summary>How long one message's work lasts, about: after the epoch that passes it the rest follows as another message. A worker that dies loses no more than what came after its last checkpoint, and deliveries are counted anew.</summary>
    /// <value>20 minutes by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan SliceTime { get; set; } = TimeSpan.FromMinutes(20);

    /// <summary>Steps from one checkpoint within an epoch to the next; 0 saves at the end of each epoch alone.</summary>
    /// <value>0 by default.</value>
    [Range(0, 1_000_000)]
    public int CheckpointSteps { get; set; }

    /// <summary>The folder that <see cref="CacheFolder"/> stands for.</summary>
    /// <returns>A path.</returns>
    internal string ResolveCacheFolder() =>
        CacheFolder.Length > 0 ? CacheFolder : Path.Combine(Path.GetTempPath(), $"cloudpipe-training-{Environment.UserName}");
}
