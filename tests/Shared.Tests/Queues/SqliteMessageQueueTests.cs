using CloudPipe.Queues;
using CloudPipe.Tests.Support;
using Microsoft.Data.Sqlite;

namespace CloudPipe.Shared.Tests.Queues;

public sealed class SqliteMessageQueueTests : QueueContract
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SqliteMessageQueue> _open = [];

    public override Task DisposeAsync()
    {
        _open.ForEach(queue => queue.Dispose());
        _folder.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public Task Two_processes_with_four_consumers_each_drain_20000_messages_none_twice_at_once() =>
        TwoProcesses.DrainAsync("sqlite", _folder.File("drain.db"), messages: 20_000, consumers: 4);

    [Fact]
    public async Task A_repeat_of_a_waiting_message_is_dropped()
    {
        IMessageQueue queue = await OpenAsync(new QueueOptions());
        await queue.SendAsync(Queue, new OutgoingMessage("same", "x"));
        await queue.SendAsync(Queue, new OutgoingMessage("same", "x"));

        Assert.Equal(1, (await queue.GetStatisticsAsync(Queue)).Pending);
    }

    [Fact]
    public async Task Messages_outlive_the_process()
    {
        var first = (SqliteMessageQueue)await OpenAsync(new QueueOptions());
        await first.SendAsync(Queue, new OutgoingMessage("a", "x"));
        first.Dispose();

        Assert.Single(await (await OpenAsync(new QueueOptions())).ReceiveAsync(Queue, 1, TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused()
    {
        var queue = (SqliteMessageQueue)await OpenAsync(new QueueOptions());
        queue.Dispose();
        using (var connection = new SqliteConnection($"Data Source={_folder.File("queue.db")};Pooling=False"))
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }

        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(new QueueOptions()));
        Assert.Contains("99", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operation_that_fails_does_not_harm_those_of_the_same_moment()
    {
        IMessageQueue queue = await OpenAsync(new QueueOptions());
        SqliteConnection other = Occupy();
        Task[] sends = [.. Enumerable.Range(0, 20).Select(number => queue.SendAsync(Queue, new OutgoingMessage($"{number}", number == 7 ? null! : "x")))];
        other.Dispose();

        await Assert.ThrowsAsync<SqliteException>(() => sends[7]);
        await Task.WhenAll(sends.Where((_, number) => number != 7));
        Assert.Equal(19, (await queue.GetStatisticsAsync(Queue)).Pending);
    }

    [Fact]
    public async Task A_message_is_sent_once_another_process_has_ended_its_transaction()
    {
        IMessageQueue queue = await OpenAsync(new QueueOptions());
        SqliteConnection other = Occupy();
        Task send = queue.SendAsync(Queue, new OutgoingMessage("a", "x"));
        Assert.Equal(0, (await queue.GetStatisticsAsync(Queue)).Pending);
        Assert.False(send.IsCompleted);
        other.Dispose();

        await send;
        Assert.Equal(1, (await queue.GetStatisticsAsync(Queue)).Pending);
    }

    [Fact]
    public async Task A_closed_queue_says_so()
    {
        var queue = (SqliteMessageQueue)await OpenAsync(new QueueOptions());
        queue.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => queue.SendAsync(Queue, new OutgoingMessage("a", "x")));
    }

    protected override Task<IMessageQueue> OpenAsync(QueueOptions options)
    {
        var queue = new SqliteMessageQueue(_folder.File("queue.db"), options);
        _open.Add(queue);
        return Task.FromResult<IMessageQueue>(queue);
    }

    /// <summary>Holds the file's write lock until disposed, as another process would.</summary>
    private SqliteConnection Occupy()
    {
        var connection = new SqliteConnection($"Data Source={_folder.File("queue.db")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        command.ExecuteNonQuery();
        return connection;
    }

    protected override Task<int> CountClaimsAsync() => Task.FromResult(0);
}
