using System.ComponentModel.DataAnnotations;
using CloudPipe.Queues;

namespace CloudPipe.GpuWorker.Worker;

/// <summary>How the worker takes messages.</summary>
public sealed class WorkerOptions : IValidatableObject
{
    private static readonly string[] _queues = [QueueNames.Score, QueueNames.Train];

    /// <summary>How many shards are in hand at once: while the network scores one, the next is fetched and decoded, and shards of one ensemble travel through it together.</summary>
    /// <value>2 by default.</value>
    [Range(1, 64)]
    public int Concurrency { get; set; } = 2;

    /// <summary>The longest wait between two questions to an empty queue; a cloud queue charges for each.</summary>
    /// <value>100 milliseconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.020", "00:01:00")]
    public TimeSpan LongestIdle { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The queues that the worker serves: <c>score</c>, <c>train</c>.</summary>
    /// <value>Empty for both.</value>
    public IList<string> Queues { get; } = [];

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        from queue in Queues
        where !_queues.Contains(queue)
        select new ValidationResult($"'{queue}' is no queue of a worker; write {string.Join(" or ", _queues)}.", [nameof(Queues)]);

    /// <summary>Whether the worker serves a queue.</summary>
    /// <param name="queue">The queue.</param>
    /// <returns>Whether it does.</returns>
    internal bool Serves(string queue) => Queues.Count == 0 || Queues.Contains(queue);
}
