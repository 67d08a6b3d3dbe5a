using System.ComponentModel.DataAnnotations;

namespace CloudPipe.Queues;

/// <summary>How a <see cref="MessageConsumer"/> takes its messages.</summary>
public sealed class MessageConsumerOptions
{
    /// <summary>How many messages are handled at once; no more than that are ever held.</summary>
    /// <value>1 by default.</value>
    [Range(1, 32)]
    public int Concurrency { get; set; } = 1;

    /// <summary>How long a consumer that found nothing waits before it asks again; doubles up to <see cref="LongestIdle"/>.</summary>
    /// <value>20 milliseconds by default.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan ShortestIdle { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>The longest wait between two questions to an empty queue.</summary>
    /// <value>1 second by default; a SQLite queue bears a tenth of it.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:05:00")]
    public TimeSpan LongestIdle { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a handler may take to notice that the process stops before its message is given back under it.</summary>
    /// <value>2 seconds by default: who stops processes kills those that take long, and a killed one's messages stay hidden.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(2);
}
