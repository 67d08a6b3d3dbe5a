using System.Collections.Concurrent;
using CloudPipe.Queues;

namespace CloudPipe.Shared.Tests.Doubles;

/// <summary>A queue that remembers what was sent to it.</summary>
internal sealed class RecordingQueue : IMessageQueue
{
    private readonly ConcurrentQueue<(string Queue, OutgoingMessage Message)> _sent = new();

    /// <summary>Called before every send; what it throws the send throws.</summary>
    public Action<string>? Before { get; set; }

    public IReadOnlyList<OutgoingMessage> Sent(string queue) => [.. _sent.Where(entry => entry.Queue == queue).Select(entry => entry.Message)];

    public Task SendAsync(string queue, OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        Before?.Invoke(queue);
        _sent.Enqueue((queue, message));
        return Task.CompletedTask;
    }

    public Task CreateQueuesAsync(IEnumerable<string> queues, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string queue, int maxMessages, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task RenewAsync(ReceivedMessage message, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<bool> CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task AbandonAsync(ReceivedMessage message, TimeSpan delay = default, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string queue, int maxMessages = 100, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<int> RequeueAsync(string queue, string? messageId, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<QueueStatistics> GetStatisticsAsync(string queue, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
