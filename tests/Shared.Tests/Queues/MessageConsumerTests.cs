using System.Collections.Concurrent;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudPipe.Shared.Tests.Queues;

public sealed class MessageConsumerTests : IDisposable
{
    private const string Queue = "work";

    private readonly TemporaryFolder _folder = new();
    private readonly QueueOptions _options = new() { MaxDeliveryCount = 2, VisibilityTimeout = TimeSpan.FromMinutes(1) };
    private readonly SqliteMessageQueue _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(string Id, string Reason)> _recorded = new();

    public MessageConsumerTests() => _queue = new SqliteMessageQueue(_folder.File("queue.db"), _options);

    public void Dispose()
    {
        _queue.Dispose();
        _folder.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_message_whose_handler_returns_is_done()
    {
        await SendAsync("a");
        var handled = new TaskCompletionSource<ReceivedMessage>();

        await RunAsync((message, _) =>
        {
            handled.SetResult(message);
            return Task.CompletedTask;
        });

        Assert.Equal("a", (await handled.Task).Id);
        Assert.Equal(new QueueStatistics(0, 0), await _queue.GetStatisticsAsync(Queue));
    }

    [Fact]
    public async Task An_unreadable_message_is_recorded_and_set_aside_at_once()
    {
        await SendAsync("a");

        await RunAsync((_, _) => throw new MessageFormatException("This is no JSON."));

        Assert.Equal([("a", "This is no JSON.")], _recorded);
        DeadLetter dead = Assert.Single(await _queue.ListDeadLettersAsync(Queue));
        Assert.Equal("This is no JSON.", dead.Reason);
        Assert.Equal(1, dead.DeliveryCount);
    }

    [Fact]
    public async Task A_failing_handler_is_tried_again_and_then_given_up_with_its_error()
    {
        await SendAsync("a");
        int deliveries = 0;

        await RunAsync((_, _) =>
        {
            Interlocked.Increment(ref deliveries);
            throw new InvalidDataException("Broken pipe.");
        });

        Assert.Equal(2, deliveries);
        Assert.Contains("Broken pipe.", Assert.Single(_recorded).Reason, StringComparison.Ordinal);
        Assert.Equal(2, Assert.Single(await _queue.ListDeadLettersAsync(Queue)).DeliveryCount);
    }

    [Fact]
    public async Task A_message_whose_consumers_died_is_recorded_without_another_try()
    {
        await SendAsync("a");
        for (int death = 0; death < 2; death++)
        {
            Assert.Single(await _queue.ReceiveAsync(Queue, 1, TimeSpan.Zero));
        }

        await RunAsync((_, _) => throw new InvalidOperationException("Not to be called."));

        Assert.Contains("never settled", Assert.Single(_recorded).Reason, StringComparison.Ordinal);
        Assert.Equal(_recorded.Single().Reason, Assert.Single(await _queue.ListDeadLettersAsync(Queue)).Reason);
    }

    [Fact]
    public async Task A_failure_that_cannot_be_recorded_is_not_set_aside()
    {
        await SendAsync("a");
        var asked = new TaskCompletionSource();
        Task running = Consumer((_, _) => throw new MessageFormatException("bad"), onDeadLetter: (_, _, _) =>
        {
            asked.TrySetResult();
            throw new IOException("The disk is full.");
        }).RunAsync(_stop.Token);

        await asked.Task;
        await _stop.CancelAsync();
        await running;

        Assert.Equal(new QueueStatistics(1, 0), await _queue.GetStatisticsAsync(Queue));
    }

    [Fact]
    public async Task A_time_out_inside_a_handler_counts_as_a_failure()
    {
        await SendAsync("a");

        await RunAsync((_, _) => throw new TaskCanceledException("HttpClient.Timeout"));

        Assert.Contains(nameof(TimeoutException), Assert.Single(_recorded).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopping_gives_the_message_in_hand_back_at_once()
    {
        await SendAsync("a");
        var started = new TaskCompletionSource();
        Task running = Consumer(async (_, cancellationToken) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }).RunAsync(_stop.Token);
        await started.Task;

        await _stop.CancelAsync();
        await running;

        Assert.Equal(2, Assert.Single(await _queue.ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1))).DeliveryCount);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_a_handler_that_does_not_listen()
    {
        await SendAsync("a");
        var started = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        Task running = Consumer(
            async (_, _) =>
            {
                started.SetResult();
                await never.Task;
            },
            options: new MessageConsumerOptions { StopTimeout = TimeSpan.Zero }).RunAsync(_stop.Token);
        await started.Task;

        await _stop.CancelAsync();
        await running;

        Assert.Single(await _queue.ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1)));
        never.SetResult();
    }

    [Fact]
    public async Task No_more_messages_are_held_than_are_handled()
    {
        foreach (int number in Enumerable.Range(0, 10))
        {
            await SendAsync($"{number}");
        }

        var started = new SemaphoreSlim(0);
        Task running = Consumer(
            async (_, cancellationToken) =>
            {
                started.Release();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
            options: new MessageConsumerOptions { Concurrency = 3 }).RunAsync(_stop.Token);
        for (int handler = 0; handler < 3; handler++)
        {
            await started.WaitAsync();
        }

        Assert.Equal(7, (await _queue.ReceiveAsync(Queue, 32, TimeSpan.FromMinutes(1))).Count);
        await _stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_lock_outlives_its_time_out_while_every_pool_thread_is_busy()
    {
        _options.VisibilityTimeout = TimeSpan.FromSeconds(1);
        await SendAsync("a");
        int deliveries = 0;
        ThreadPool.GetMinThreads(out int poolThreads, out _);
        var release = new ManualResetEventSlim();

        await RunAsync((_, _) =>
        {
            Interlocked.Increment(ref deliveries);
            for (int thread = 0; thread < poolThreads * 4; thread++)
            {
                ThreadPool.UnsafeQueueUserWorkItem(_ => release.Wait(), null);
            }

            Thread.Sleep(TimeSpan.FromSeconds(2.5));
            // Another consumer finds nothing: the lock is still ours.
            Assert.Empty(_queue.ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1)).GetAwaiter().GetResult());
            release.Set();
            return Task.CompletedTask;
        });

        Assert.Equal(1, deliveries);
        Assert.Equal(new QueueStatistics(0, 0), await _queue.GetStatisticsAsync(Queue));
    }

    [Fact]
    public async Task A_lost_lock_cancels_the_handler_and_settles_nothing()
    {
        _options.VisibilityTimeout = TimeSpan.FromSeconds(1);
        await SendAsync("a");
        var cancelled = new TaskCompletionSource();
        ReceivedMessage? stolen = null;
        Task running = Consumer(async (message, cancellationToken) =>
        {
            // The lock ends under the consumer, as after a long pause of the process, and somebody else takes the message.
            await _queue.AbandonAsync(message);
            stolen = Assert.Single(await _queue.ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1)));
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                cancelled.SetResult();
            }
        }).RunAsync(_stop.Token);

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await _stop.CancelAsync();
        await running;

        Assert.Empty(_recorded);
        Assert.True(await _queue.CompleteAsync(stolen!));
    }

    [Fact]
    public async Task A_drained_queue_ends_the_consumer_after_the_messages_that_messages_have_sent()
    {
        await SendAsync("first");
        var handled = new ConcurrentQueue<string>();

        await Consumer(async (message, _) =>
        {
            // Longer than the looks at an empty queue that would end it.
            await Task.Delay(200, CancellationToken.None);
            handled.Enqueue(message.Id);
            if (message.Id == "first")
            {
                await SendAsync("second");
            }
        }).DrainAsync(CancellationToken.None, _stop.Token);

        Assert.Equal(["first", "second"], handled);
        Assert.Equal(new QueueStatistics(0, 0), await _queue.GetStatisticsAsync(Queue));
    }

    [Fact]
    public async Task A_drain_that_closes_handles_what_it_holds_and_leaves_the_rest()
    {
        await SendAsync("a");
        await SendAsync("b");
        using var closing = new CancellationTokenSource();

        await Consumer(async (_, token) =>
        {
            await closing.CancelAsync();
            await Task.Delay(100, CancellationToken.None);
            token.ThrowIfCancellationRequested();
        }).DrainAsync(closing.Token, _stop.Token);

        Assert.Equal(new QueueStatistics(1, 0), await _queue.GetStatisticsAsync(Queue));
        Assert.Equal(1, Assert.Single(await _queue.ReceiveAsync(Queue, 1, TimeSpan.Zero)).DeliveryCount);
    }

    [Fact]
    public async Task A_drain_that_is_stopped_gives_its_message_back()
    {
        await SendAsync("a");
        Task draining = Consumer(async (_, token) =>
        {
            await _stop.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        }).DrainAsync(CancellationToken.None, _stop.Token);

        await draining;

        Assert.Equal(2, Assert.Single(await _queue.ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1))).DeliveryCount);
    }

    private MessageConsumer Consumer(
        Func<ReceivedMessage, CancellationToken, Task> handle,
        Func<ReceivedMessage, string, CancellationToken, Task>? onDeadLetter = null,
        MessageConsumerOptions? options = null) => new(
            _queue,
            Queue,
            _options,
            options ?? new MessageConsumerOptions { LongestIdle = TimeSpan.FromMilliseconds(50) },
            TimeProvider.System,
            NullLogger<MessageConsumer>.Instance,
            handle,
            onDeadLetter ?? ((message, reason, _) =>
            {
                _recorded.Enqueue((message.Id, reason));
                return Task.CompletedTask;
            }));

    private Task SendAsync(string id) => _queue.SendAsync(Queue, new OutgoingMessage(id, "{}"));

    /// <summary>Consumes until no message waits.</summary>
    private async Task RunAsync(Func<ReceivedMessage, CancellationToken, Task> handle)
    {
        Task running = Consumer(handle).RunAsync(_stop.Token);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while ((await _queue.GetStatisticsAsync(Queue)).Pending > 0)
        {
            await Task.Delay(20, patience.Token);
        }

        await _stop.CancelAsync();
        await running;
    }
}
