using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Queues;

/// <summary>How queues treat their messages, on every transport.</summary>
public sealed class QueueOptions
{
    /// <summary>How often a message is delivered before it is dead-lettered.</summary>
    /// <value>Deliveries, 5 by default.</value>
    [Range(1, 100)]
    public int MaxDeliveryCount { get; set; } = 5;

    /// <summary>How long a received message stays hidden before it must be renewed.</summary>
    /// <value>60 seconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00")]
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromSeconds(60);
}
