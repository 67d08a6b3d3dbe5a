using System.Collections.Concurrent;
using CloudPipe.Queues.Sqlite;
using Microsoft.Data.Sqlite;

namespace CloudPipe.Queues;

/// <summary>
/// Queues in one SQLite file, for one machine: any number of processes may send and receive at once, and a process that
/// dies only leaves its messages hidden until their time is up.
/// </summary>
/// <remarks>
/// A message is dropped as a repeat while one of the same id waits. It is not while that one is held: its handler may
/// have looked at the world before what the repeat tells of.
/// </remarks>
public sealed class SqliteMessageQueue : IMessageQueue, IDisposable
{
    private const string InsertUnlessWaiting = """
        INSERT INTO messages (queue, id, body, delivery_count, enqueued_at, visible_at)
        SELECT @queue, @id, @body, 0, @now, @visible
        WHERE NOT EXISTS (SELECT 1 FROM messages WHERE queue = @queue AND id = @id AND (receipt IS NULL OR visible_at <= @now))
        """;

    // Asked first where the last receive found nothing, so that an idle consumer never takes the write lock.
    private const string CountVisible = "SELECT EXISTS (SELECT 1 FROM messages WHERE queue = @queue AND visible_at <= @now)";

    private const string FirstVisible = "SELECT visible_at FROM messages WHERE queue = @queue AND visible_at <= @now ORDER BY visible_at LIMIT 1";

    private const string Take = """
        UPDATE messages SET receipt = random(), delivery_count = delivery_count + 1, visible_at = @until
        WHERE sequence IN (SELECT sequence FROM messages WHERE queue = @queue AND visible_at <= @now ORDER BY visible_at, sequence LIMIT @count)
        RETURNING sequence, receipt, id, body, delivery_count, enqueued_at
        """;

    private const string Renew = "UPDATE messages SET visible_at = @until WHERE sequence = @sequence AND receipt = @receipt";

    private const string Release = "UPDATE messages SET visible_at = @until, receipt = NULL WHERE sequence = @sequence AND receipt = @receipt";

    private const string Delete = "DELETE FROM messages WHERE sequence = @sequence AND receipt = @receipt";

    private const string Bury = """
        INSERT INTO dead_letters (queue, id, body, delivery_count, reason, dead_lettered_at)
        SELECT queue, id, body, @deliveries, @reason, @now FROM messages WHERE sequence = @sequence AND receipt = @receipt
        """;

    private const string ListBuried = """
        SELECT id, body, reason, delivery_count, dead_lettered_at FROM dead_letters WHERE queue = @queue ORDER BY sequence LIMIT @count
        """;

    private const string Revive = """
        INSERT INTO messages (queue, id, body, delivery_count, enqueued_at, visible_at)
        SELECT queue, id, body, 0, @now, @now FROM dead_letters WHERE queue = @queue AND (@id = '' OR id = @id) ORDER BY sequence
        """;

    private const string DeleteBuried = "DELETE FROM dead_letters WHERE queue = @queue AND (@id = '' OR id = @id)";

    private readonly SqliteStatements _reader;
    private readonly Lock _reading = new();
    private readonly GroupCommit _writer;
    private readonly ConcurrentDictionary<string, bool> _drained = new();
    private readonly QueueOptions _options;
    private readonly TimeProvider _timeProvider;

    /// <summary>Opens the file, creating it and its folder when they are not there.</summary>
    /// <param name="path">The file; it must be on a disk of this machine, not on a network share.</param>
    /// <param name="options">How messages are treated.</param>
    /// <param name="timeProvider">The clock of all time-outs; the system's by default.</param>
    /// <exception cref="SqliteException">The file is no SQLite file, or cannot be opened.</exception>
    /// <exception cref="InvalidOperationException">A newer CloudPipe has written it.</exception>
    public SqliteMessageQueue(string path, QueueOptions options, TimeProvider? timeProvider = null)
    {
        string file = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        _reader = new SqliteStatements(file);
        _writer = new GroupCommit(new SqliteStatements(file));
        _options = options;
        _timeProvider = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public string TransportName => "sqlite";

    private long Now => _timeProvider.GetUtcNow().UtcTicks;

    /// <inheritdoc/>
    public Task CreateQueuesAsync(IEnumerable<string> queues, CancellationToken cancellationToken = default) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task SendAsync(string queue, OutgoingMessage message, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentException.ThrowIfNullOrEmpty(message.Id);
        await _writer.RunAsync(statements =>
        {
            long now = Now;
            return statements.Execute(
                InsertUnlessWaiting, ("@queue", queue), ("@id", message.Id), ("@body", message.Body), ("@now", now), ("@visible", now + message.Delay.Ticks));
        });
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(string queue, int maxMessages, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfLessThan(maxMessages, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxMessages, 32);
        if (_drained.GetValueOrDefault(queue, true) && Read(reader => reader.Count(CountVisible, ("@queue", queue), ("@now", Now))) == 0)
        {
            return [];
        }

        List<ReceivedMessage> taken = await _writer.RunAsync(statements => TakeVisible(statements, queue, maxMessages, visibilityTimeout));
        _drained[queue] = taken.Count == 0;
        // RETURNING promises no order.
        taken.Sort((one, other) => ((Receipt)one.Receipt).Sequence.CompareTo(((Receipt)other.Receipt).Sequence));
        return taken;
    }

    /// <inheritdoc/>
    public async Task RenewAsync(ReceivedMessage message, TimeSpan visibilityTimeout, CancellationToken cancellationToken = default)
    {
        var receipt = (Receipt)message.Receipt;
        int renewed = await _writer.RunAsync(statements => statements.Execute(
            Renew, ("@until", Now + visibilityTimeout.Ticks), ("@sequence", receipt.Sequence), ("@receipt", receipt.Token)));
        if (renewed == 0)
        {
            throw new MessageLockLostException(message);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> CompleteAsync(ReceivedMessage message, CancellationToken cancellationToken = default)
    {
        var receipt = (Receipt)message.Receipt;
        return await _writer.RunAsync(statements => statements.Execute(Delete, ("@sequence", receipt.Sequence), ("@receipt", receipt.Token))) == 1;
    }

    /// <inheritdoc/>
    public Task AbandonAsync(ReceivedMessage message, TimeSpan delay = default, CancellationToken cancellationToken = default)
    {
        var receipt = (Receipt)message.Receipt;
        return _writer.RunAsync(statements => statements.Execute(
            Release, ("@until", Now + delay.Ticks), ("@sequence", receipt.Sequence), ("@receipt", receipt.Token)));
    }

    /// <inheritdoc/>
    public Task DeadLetterAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken = default) =>
        _writer.RunAsync(statements => BuryHeld(statements, message, reason, message.DeliveryCount));

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeadLetter>> ListDeadLettersAsync(string queue, int maxMessages = 100, CancellationToken cancellationToken = default) =>
        Task.FromResult<IReadOnlyList<DeadLetter>>(Read(reader => reader.Read(
            ListBuried,
            row => new DeadLetter(queue, row.Text(0), row.Text(1), row.Text(2), (int)row.Integer(3), Time(row.Integer(4))),
            ("@queue", queue),
            ("@count", (long)maxMessages))));

    /// <inheritdoc/>
    public Task<int> RequeueAsync(string queue, string? messageId, CancellationToken cancellationToken = default)
    {
        string id = messageId ?? string.Empty;
        return _writer.RunAsync(statements =>
        {
            int revived = 0;
            statements.Together(() =>
            {
                statements.Execute(Revive, ("@now", Now), ("@queue", queue), ("@id", id));
                revived = statements.Execute(DeleteBuried, ("@queue", queue), ("@id", id));
            });
            return revived;
        });
    }

    /// <inheritdoc/>
    public Task<QueueStatistics> GetStatisticsAsync(string queue, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(reader => new QueueStatistics(
            reader.Count("SELECT count(*) FROM messages WHERE queue = @queue", ("@queue", queue)),
            reader.Count("SELECT count(*) FROM dead_letters WHERE queue = @queue", ("@queue", queue)))));

    /// <inheritdoc/>
    public Task<DateTimeOffset?> FindWaitingSinceAsync(string queue, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(reader => reader.Read(FirstVisible, row => Time(row.Integer(0)), ("@queue", queue), ("@now", Now)).Cast<DateTimeOffset?>().FirstOrDefault()));

    /// <summary>Closes the file. Messages held by this process stay hidden until their time is up.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        lock (_reading)
        {
            _reader.Dispose();
        }
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private static ReceivedMessage Received(string queue, SqliteRow row) => new(
        queue, row.Text(2), row.Text(3), (int)row.Integer(4), Time(row.Integer(5)), new Receipt(row.Integer(0), row.Integer(1)));

    private T Read<T>(Func<SqliteStatements, T> read)
    {
        lock (_reading)
        {
            return read(_reader);
        }
    }

    private List<ReceivedMessage> TakeVisible(SqliteStatements statements, string queue, int maxMessages, TimeSpan visibilityTimeout)
    {
        while (true)
        {
            long now = Now;
            List<ReceivedMessage> taken = statements.Read(
                Take, row => Received(queue, row), ("@queue", queue), ("@now", now), ("@until", now + visibilityTimeout.Ticks), ("@count", (long)maxMessages));
            int exhausted = taken.RemoveAll(message => BuryIfExhausted(statements, message));
            if (taken.Count > 0 || exhausted == 0)
            {
                return taken;
            }
        }
    }

    private bool BuryIfExhausted(SqliteStatements statements, ReceivedMessage message)
    {
        int deliveries = message.DeliveryCount - 1;
        if (deliveries < _options.DeliveryLimit)
        {
            return false;
        }

        BuryHeld(statements, message, QueueOptions.ExhaustedReason(deliveries), deliveries);
        return true;
    }

    private bool BuryHeld(SqliteStatements statements, ReceivedMessage message, string reason, int deliveries)
    {
        var receipt = (Receipt)message.Receipt;
        bool held = false;
        statements.Together(() =>
        {
            statements.Execute(
                Bury, ("@deliveries", (long)deliveries), ("@reason", reason), ("@now", Now), ("@sequence", receipt.Sequence), ("@receipt", receipt.Token));
            held = statements.Execute(Delete, ("@sequence", receipt.Sequence), ("@receipt", receipt.Token)) == 1;
        });
        return held;
    }

    private sealed record Receipt(long Sequence, long Token);
}
