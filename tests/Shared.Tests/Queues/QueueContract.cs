using System.Diagnostics;
using CloudPipe.Queues;
using CloudPipe.Shared.Tests.Messages;

namespace CloudPipe.Shared.Tests.Queues;

/// <summary>What every transport must do. Locks last three seconds where a test lets one expire, else a minute.</summary>
public abstract class QueueContract : IAsyncLifetime
{
    private const int MaxDeliveryCount = 2;

    // Long enough for a machine that has other work: a test that holds a lock must get on within it.
    private static readonly TimeSpan _shortLock = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _longLock = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    protected string Queue { get; } = $"work-{Guid.NewGuid():N}";

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_message_arrives_as_it_was_sent()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        string body = "{\"name\":\"管道 \U0001F6B0 <&>\\u0001\",\"id\":\"another\"}";
        await queue.SendAsync(Queue, new OutgoingMessage("cut/clip 1.mp4:0x8D\"é\"", body));

        ReceivedMessage message = await ReceiveOneAsync(queue, _longLock);

        Assert.Equal("cut/clip 1.mp4:0x8D\"é\"", message.Id);
        Assert.Equal(body, message.Body);
        Assert.Equal(Queue, message.Queue);
        Assert.Equal(1, message.DeliveryCount);
        Assert.InRange(message.EnqueuedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no JSON")]
    [InlineData("{\"id\":\"the same\",\"type\":\"com.cloudpipe.inspection.completed\"}")]
    [InlineData("[1,2]")]
    [InlineData(" {} ")]
    [InlineData("QUJD")]
    public async Task Any_text_is_a_body(string body)
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("the same", body));

        ReceivedMessage message = await ReceiveOneAsync(queue, _longLock);

        Assert.Equal(body, message.Body);
        Assert.Equal("the same", message.Id);
    }

    [Theory]
    [MemberData(nameof(MessageFormTests.Kinds), MemberType = typeof(MessageFormTests))]
    public async Task A_message_of_CloudPipe_is_the_same_JSON_on_every_transport(string kind)
    {
        MessageForms.Form form = MessageForms.All[kind];
        IMessageQueue queue = await OpenAsync(_longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("m", form.Traced) { Traceparent = MessageForms.Traceparent });

        ReceivedMessage message = await ReceiveOneAsync(queue, _longLock);

        Assert.Equal(form.Traced, message.Body);
        Assert.Equal(form.Message with { Traceparent = MessageForms.Traceparent }, form.Read(message.Body));
    }

    [Fact]
    public async Task A_backlog_is_as_old_as_what_waits_first()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        Assert.Null(await queue.FindWaitingSinceAsync(Queue));
        await queue.SendAsync(Queue, new OutgoingMessage("a", "1"));

        Assert.InRange((await queue.FindWaitingSinceAsync(Queue))!.Value, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));

        await queue.CompleteAsync(await ReceiveOneAsync(queue, _longLock));
        Assert.Null(await queue.FindWaitingSinceAsync(Queue));
    }

    [Fact]
    public async Task A_message_for_later_is_no_backlog()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("a", "1", TimeSpan.FromHours(1)));

        Assert.Null(await queue.FindWaitingSinceAsync(Queue));
        Assert.NotEqual("unknown", queue.TransportName);
    }

    [Fact]
    public async Task An_empty_queue_answers_at_once()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        long start = Stopwatch.GetTimestamp();

        Assert.Empty(await queue.ReceiveAsync(Queue, 32, _longLock));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Creating_a_queue_twice_keeps_its_messages()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("a", "1"));

        await queue.CreateQueuesAsync([Queue]);

        await ReceiveOneAsync(queue, _longLock);
    }

    [Fact]
    public async Task Queues_do_not_mix()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        string other = $"other-{Guid.NewGuid():N}";
        await queue.CreateQueuesAsync([other]);
        await queue.SendAsync(other, new OutgoingMessage("a", "1"));

        Assert.Empty(await queue.ReceiveAsync(Queue, 1, _longLock));
        Assert.Equal("a", (await ReceiveOneAsync(queue, _longLock, other)).Id);
    }

    [Fact]
    public async Task A_batch_holds_no_more_than_asked_for()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        foreach (int number in Enumerable.Range(0, 5))
        {
            await queue.SendAsync(Queue, new OutgoingMessage($"{number}", "x"));
        }

        var ids = new HashSet<string>();
        while (ids.Count < 5)
        {
            IReadOnlyList<ReceivedMessage> batch = await queue.ReceiveAsync(Queue, 2, _longLock);
            Assert.InRange(batch.Count, 1, 2);
            Assert.All(batch, message => Assert.True(ids.Add(message.Id)));
        }
    }

    [Fact]
    public async Task A_delayed_message_is_invisible_first()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        long sent = Stopwatch.GetTimestamp();
        await queue.SendAsync(Queue, new OutgoingMessage("later", "x", TimeSpan.FromSeconds(1)));
        Assert.Empty(await queue.ReceiveAsync(Queue, 1, _longLock));

        await ReceiveOneAsync(queue, _longLock);

        Assert.True(Stopwatch.GetElapsedTime(sent) >= TimeSpan.FromSeconds(0.9));
    }

    [Fact]
    public async Task A_held_message_is_invisible_until_its_lock_expires()
    {
        IMessageQueue queue = await OpenAsync(_shortLock);
        await queue.SendAsync(Queue, new OutgoingMessage("a", "x"));
        ReceivedMessage first = await ReceiveOneAsync(queue, _shortLock);
        Assert.Empty(await queue.ReceiveAsync(Queue, 1, _shortLock));

        ReceivedMessage second = await ReceiveOneAsync(queue, _shortLock);

        Assert.Equal(first.Id, second.Id);
        Assert.Equal(first.EnqueuedAt, second.EnqueuedAt);
        Assert.Equal(2, second.DeliveryCount);
    }

    [Fact]
    public async Task A_renewed_message_stays_with_its_holder()
    {
        IMessageQueue queue = await OpenAsync(_shortLock);
        await queue.SendAsync(Queue, new OutgoingMessage("a", "x"));
        ReceivedMessage message = await ReceiveOneAsync(queue, _shortLock);
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < 2.5 * _shortLock)
        {
            await queue.RenewAsync(message, _shortLock);
            Assert.Empty(await queue.ReceiveAsync(Queue, 1, _shortLock));
            await Task.Delay(100);
        }

        Assert.True(await queue.CompleteAsync(message));
        Assert.Equal(0, (await queue.GetStatisticsAsync(Queue)).Pending);
    }

    [Fact]
    public async Task Whoever_lost_the_lock_hears_of_it_and_harms_nobody()
    {
        IMessageQueue queue = await OpenAsync(_shortLock);
        await queue.SendAsync(Queue, new OutgoingMessage("a", "x"));
        ReceivedMessage lost = await ReceiveOneAsync(queue, _shortLock);
        ReceivedMessage held = await ReceiveOneAsync(queue, _shortLock);

        await Assert.ThrowsAsync<MessageLockLostException>(() => queue.RenewAsync(lost, _shortLock));
        Assert.False(await queue.CompleteAsync(lost));
        await queue.AbandonAsync(lost);
        await queue.DeadLetterAsync(lost, "not mine");

        Assert.Empty(await queue.ReceiveAsync(Queue, 1, _shortLock));
        Assert.Empty(await queue.ListDeadLettersAsync(Queue));
        await queue.RenewAsync(held, _shortLock);
        Assert.True(await queue.CompleteAsync(held));
    }

    [Fact]
    public async Task A_settled_message_cannot_be_settled_again()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("a", "x"));
        ReceivedMessage message = await ReceiveOneAsync(queue, _longLock);

        Assert.True(await queue.CompleteAsync(message));
        Assert.False(await queue.CompleteAsync(message));
        await queue.AbandonAsync(message, TimeSpan.FromSeconds(1));
        await queue.DeadLetterAsync(message, "gone");
        await Assert.ThrowsAsync<MessageLockLostException>(() => queue.RenewAsync(message, _longLock));

        Assert.Equal(new QueueStatistics(0, 0), await queue.GetStatisticsAsync(Queue));
    }

    [Fact]
    public async Task An_abandoned_message_is_visible_at_once()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("a", "x"));
        await queue.AbandonAsync(await ReceiveOneAsync(queue, _longLock));

        ReceivedMessage again = await ReceiveOneAsync(queue, _longLock);

        Assert.Equal("a", again.Id);
        Assert.Equal("x", again.Body);
        Assert.Equal(2, again.DeliveryCount);
    }

    [Fact]
    public async Task A_message_abandoned_with_a_delay_waits_for_it()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("a", "x"));
        ReceivedMessage message = await ReceiveOneAsync(queue, _longLock);
        long abandoned = Stopwatch.GetTimestamp();
        await queue.AbandonAsync(message, TimeSpan.FromSeconds(1));
        Assert.Empty(await queue.ReceiveAsync(Queue, 1, _longLock));

        ReceivedMessage again = await ReceiveOneAsync(queue, _longLock);

        Assert.True(Stopwatch.GetElapsedTime(abandoned) >= TimeSpan.FromSeconds(0.9));
        Assert.Equal("a", again.Id);
        Assert.Equal(2, again.DeliveryCount);
        Assert.True(await queue.CompleteAsync(again));
        Assert.Equal(new QueueStatistics(0, 0), await queue.GetStatisticsAsync(Queue));
    }

    [Fact]
    public async Task A_message_that_nobody_settles_becomes_a_dead_letter()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("poison", "x"));
        for (int delivery = 1; delivery <= 2 * MaxDeliveryCount; delivery++)
        {
            ReceivedMessage message = await ReceiveOneAsync(queue, _longLock);
            Assert.Equal(delivery, message.DeliveryCount);
            // With and without a delay: a transport may take quite different ways.
            await queue.AbandonAsync(message, delivery % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(10));
        }

        DeadLetter dead = await EventuallyAsync(async () =>
        {
            Assert.Empty(await queue.ReceiveAsync(Queue, 1, _longLock));
            return (await queue.ListDeadLettersAsync(Queue)).SingleOrDefault();
        });
        Assert.Equal("poison", dead.Id);
        Assert.Equal("x", dead.Body);
        Assert.Equal(2 * MaxDeliveryCount, dead.DeliveryCount);
        Assert.NotEmpty(dead.Reason);
        Assert.Equal(new QueueStatistics(0, 1), await queue.GetStatisticsAsync(Queue));
    }

    [Fact]
    public async Task Dead_letters_keep_their_reason_and_order_and_stay_when_looked_at()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        foreach (string id in new[] { "first", "second", "third" })
        {
            await queue.SendAsync(Queue, new OutgoingMessage(id, $"body of {id}"));
            await queue.DeadLetterAsync(await ReceiveOneAsync(queue, _longLock), $"'{id}' is no video: ümlaut");
        }

        for (int look = 0; look < 2; look++)
        {
            IReadOnlyList<DeadLetter> dead = await queue.ListDeadLettersAsync(Queue);
            Assert.Equal(["first", "second", "third"], dead.Select(letter => letter.Id));
            Assert.Equal(["body of first", "body of second", "body of third"], dead.Select(letter => letter.Body));
            Assert.All(dead, letter => Assert.Equal($"'{letter.Id}' is no video: ümlaut", letter.Reason));
            Assert.All(dead, letter => Assert.Equal(1, letter.DeliveryCount));
            Assert.All(dead, letter => Assert.Equal(Queue, letter.Queue));
            Assert.All(dead, letter => Assert.InRange(letter.DeadLetteredAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1)));
        }

        Assert.Equal(2, (await queue.ListDeadLettersAsync(Queue, 2)).Count);
        Assert.Equal(new QueueStatistics(0, 3), await queue.GetStatisticsAsync(Queue));
        Assert.Empty(await queue.ReceiveAsync(Queue, 1, _longLock));
    }

    [Fact]
    public async Task A_requeued_message_starts_anew_and_leaves_the_dead_letters()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        foreach (string id in new[] { "a", "b" })
        {
            await queue.SendAsync(Queue, new OutgoingMessage(id, $"body of {id}"));
            await queue.AbandonAsync(await ReceiveOneAsync(queue, _longLock));
            await queue.DeadLetterAsync(await ReceiveOneAsync(queue, _longLock), "broken");
        }

        Assert.Equal(0, await queue.RequeueAsync(Queue, "unknown"));
        Assert.Equal(1, await queue.RequeueAsync(Queue, "b"));

        ReceivedMessage message = await ReceiveOneAsync(queue, _longLock);
        Assert.Equal("b", message.Id);
        Assert.Equal("body of b", message.Body);
        Assert.Equal(1, message.DeliveryCount);
        Assert.Equal("a", Assert.Single(await queue.ListDeadLettersAsync(Queue)).Id);
        Assert.True(await queue.CompleteAsync(message));
    }

    [Fact]
    public async Task All_dead_letters_are_requeued_at_once()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        foreach (int number in Enumerable.Range(0, 40))
        {
            await queue.SendAsync(Queue, new OutgoingMessage($"{number}", "x"));
        }

        for (int buried = 0; buried < 40;)
        {
            foreach (ReceivedMessage message in await queue.ReceiveAsync(Queue, 32, _longLock))
            {
                await queue.DeadLetterAsync(message, "broken");
                buried++;
            }
        }

        Assert.Equal(40, (await queue.ListDeadLettersAsync(Queue)).Count);
        Assert.Equal(40, await queue.RequeueAsync(Queue, null));
        Assert.Equal(new QueueStatistics(40, 0), await queue.GetStatisticsAsync(Queue));
    }

    [Theory]
    [InlineData(47 * 1024)]
    [InlineData(49 * 1024)]
    [InlineData(64 * 1024)]
    [InlineData(300 * 1024)]
    [InlineData(2 * 1024 * 1024)]
    public async Task A_body_of_any_size_arrives_and_leaves_nothing_behind(int length)
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        string body = string.Create(length, 0, static (text, _) =>
        {
            for (int index = 0; index < text.Length; index++)
            {
                text[index] = (char)('a' + (index % 26));
            }
        });
        await queue.SendAsync(Queue, new OutgoingMessage("large", body));

        await queue.AbandonAsync(await ReceiveOneAsync(queue, _longLock), TimeSpan.FromMilliseconds(10));
        await queue.DeadLetterAsync(await ReceiveOneAsync(queue, _longLock), "too large?");
        Assert.Equal(body, Assert.Single(await queue.ListDeadLettersAsync(Queue)).Body);
        Assert.Equal(1, await queue.RequeueAsync(Queue, "large"));
        ReceivedMessage message = await ReceiveOneAsync(queue, _longLock);
        Assert.Equal(body, message.Body);
        Assert.True(await queue.CompleteAsync(message));

        Assert.Equal(0, await CountClaimsAsync());
    }

    [Fact]
    public async Task A_message_sent_again_after_its_completion_arrives()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        for (int repeat = 0; repeat < 2; repeat++)
        {
            await queue.SendAsync(Queue, new OutgoingMessage("same", $"{repeat}"));
            ReceivedMessage message = await ReceiveOneAsync(queue, _longLock);
            Assert.Equal($"{repeat}", message.Body);
            Assert.True(await queue.CompleteAsync(message));
        }
    }

    [Fact]
    public async Task A_message_sent_again_while_its_like_is_held_arrives()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("same", "before"));
        ReceivedMessage held = await ReceiveOneAsync(queue, _longLock);
        await queue.SendAsync(Queue, new OutgoingMessage("same", "after"));
        Assert.True(await queue.CompleteAsync(held));

        Assert.Equal("after", (await ReceiveOneAsync(queue, _longLock)).Body);
    }

    [Fact]
    public async Task Sixteen_consumers_never_hold_the_same_message()
    {
        IMessageQueue queue = await OpenAsync(_longLock);
        IMessageQueue other = await OpenAsync(_longLock);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => queue.SendAsync(Queue, new OutgoingMessage($"{number}", "x"))));

        var received = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 16).Select(consumer => Task.Run(async () =>
        {
            IMessageQueue own = consumer % 2 == 0 ? queue : other;
            while (received.Count < 100)
            {
                foreach (ReceivedMessage message in await own.ReceiveAsync(Queue, 3, _longLock))
                {
                    received.Add(message.Id);
                    Assert.True(await own.CompleteAsync(message));
                }
            }
        })));

        Assert.Equal(100, received.Distinct().Count());
        Assert.Equal(100, received.Count);
    }

    /// <summary>Opens the transport, with its queue created, again with every call, as another process would.</summary>
    protected abstract Task<IMessageQueue> OpenAsync(QueueOptions options);

    /// <summary>Counts the bodies that are kept outside the queue.</summary>
    protected abstract Task<int> CountClaimsAsync();

    protected static async Task<T> EventuallyAsync<T>(Func<Task<T?>> look)
        where T : class
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < _patience)
        {
            if (await look() is { } found)
            {
                return found;
            }

            await Task.Delay(20);
        }

        throw new TimeoutException($"Nothing within {_patience}.");
    }

    private Task<ReceivedMessage> ReceiveOneAsync(IMessageQueue queue, TimeSpan visibilityTimeout, string? name = null) =>
        EventuallyAsync(async () => (await queue.ReceiveAsync(name ?? Queue, 1, visibilityTimeout)).SingleOrDefault());

    private Task<IMessageQueue> OpenAsync(TimeSpan lockDuration) =>
        OpenAsync(new QueueOptions { MaxDeliveryCount = MaxDeliveryCount, VisibilityTimeout = lockDuration });
}
