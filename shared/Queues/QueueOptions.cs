using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Queues;

/// <summary>How queues treat their messages, on every transport.</summary>
public sealed class QueueOptions
{
    /// <summary>How often a consumer tries a message before it sets it aside with the reason of the last failure.</summary>
    /// <value>Deliveries, 5 by default.</value>
    [Range(1, 100)]
    public int MaxDeliveryCount { get; set; } = 5;

    /// <summary>How long a received message stays hidden before it must be renewed.</summary>
    /// <value>60 seconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00")]
    public TimeSpan VisibilityTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How often the queue itself delivers a message before it dead-letters it unasked: twice
    /// <see cref="MaxDeliveryCount"/>. The room between lets a consumer that meets a message past
    /// <see cref="MaxDeliveryCount"/>, because the processes before it died, record the failure before it sets it aside.
    /// </summary>
    public int DeliveryLimit => 2 * MaxDeliveryCount;

    /// <summary>The reason of a dead letter that no consumer has settled.</summary>
    /// <param name="deliveries">How often it was delivered.</param>
    /// <returns>One sentence and what to do.</returns>
    public static string ExhaustedReason(int deliveries) =>
        $"Delivered {deliveries} times and never settled: each process that held it died or lost its lock. Look into their logs, then requeue it.";
}
