using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace CloudPipe.Queues.Sqlite;

/// <summary>One connection to the queue's file and its prepared statements; for one thread at a time.</summary>
internal sealed class SqliteStatements : IDisposable
{
    private const int SchemaVersion = 1;

    // 'receipt' is drawn anew by every receive and is null while nobody holds the message. Row ids may be used again
    // after a delete: only row and receipt together name a delivery.
    private static readonly string[] _schema =
    [
        """
        CREATE TABLE IF NOT EXISTS messages (
            sequence INTEGER PRIMARY KEY,
            queue TEXT NOT NULL,
            id TEXT NOT NULL,
            body TEXT NOT NULL,
            delivery_count INTEGER NOT NULL,
            enqueued_at INTEGER NOT NULL,
            visible_at INTEGER NOT NULL,
            receipt INTEGER)
        """,
        "CREATE INDEX IF NOT EXISTS messages_by_time ON messages (queue, visible_at)",
        "CREATE INDEX IF NOT EXISTS messages_by_id ON messages (queue, id)",
        """
        CREATE TABLE IF NOT EXISTS dead_letters (
            sequence INTEGER PRIMARY KEY,
            queue TEXT NOT NULL,
            id TEXT NOT NULL,
            body TEXT NOT NULL,
            delivery_count INTEGER NOT NULL,
            reason TEXT NOT NULL,
            dead_lettered_at INTEGER NOT NULL)
        """,
        "CREATE INDEX IF NOT EXISTS dead_letters_by_id ON dead_letters (queue, id)",
        $"PRAGMA user_version = {SchemaVersion}",
    ];

    private static readonly TimeSpan _busyTimeout = TimeSpan.FromSeconds(30);

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, Prepared> _prepared = [];

    static SqliteStatements() => Batteries_V2.Init();

    public SqliteStatements(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            _connection.Open();
            Prepare(path);
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        Read(sql, static _ => true, parameters);
        return raw.sqlite3_changes(_connection.Handle);
    }

    /// <summary>Asks for one number.</summary>
    public long Count(string sql, params ReadOnlySpan<(string Name, object Value)> parameters) => Read(sql, static row => row.Integer(0), parameters)[0];

    /// <summary>Reads rows.</summary>
    public List<T> Read<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        sqlite3_stmt statement = Bind(sql, parameters);
        try
        {
            var rows = new List<T>();
            while (Step(statement))
            {
                rows.Add(read(new SqliteRow(statement)));
            }

            return rows;
        }
        finally
        {
            raw.sqlite3_reset(statement);
        }
    }

    /// <summary>Whether a transaction is open; a full disk, among others, makes SQLite roll it back by itself.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Runs several statements as one: all of them happen or none. Within another such call, a part of that one.</summary>
    public void Together(Action statements)
    {
        (string begin, string commit, string[] undo) = InTransaction
            ? ("SAVEPOINT part", "RELEASE part", new[] { "ROLLBACK TO part", "RELEASE part" })
            : ("BEGIN IMMEDIATE", "COMMIT", ["ROLLBACK"]);
        Execute(begin);
        try
        {
            statements();
            Execute(commit);
        }
        catch when (InTransaction)
        {
            Array.ForEach(undo, sql => Execute(sql));
            throw;
        }
    }

    public void Dispose()
    {
        foreach (Prepared prepared in _prepared.Values)
        {
            prepared.Statement.Dispose();
        }

        _connection.Dispose();
    }

    private void Prepare(string path)
    {
        // The write-ahead log lets readers and one writer work at once. NORMAL: a killed process loses nothing; a power
        // cut may lose the last moments, as a whole and in order.
        Execute("PRAGMA journal_mode = WAL");
        Execute("PRAGMA synchronous = NORMAL");
        // Moving the log into the file waits for the disk: every 32 MiB instead of every 4.
        Execute("PRAGMA wal_autocheckpoint = 8000");
        long version = Count("PRAGMA user_version");
        if (version > SchemaVersion)
        {
            throw new InvalidOperationException(
                $"The queue file '{path}' has schema version {version}; this process knows {SchemaVersion}. Use the newer CloudPipe that wrote it, or another file.");
        }

        if (version < SchemaVersion)
        {
            Together(() => Array.ForEach(_schema, sql => Execute(sql)));
        }
    }

    private sqlite3_stmt Bind(string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out Prepared? prepared))
        {
            Check(raw.sqlite3_prepare_v2(_connection.Handle, sql, out sqlite3_stmt statement));
            int[] indices = new int[parameters.Length];
            for (int index = 0; index < indices.Length; index++)
            {
                indices[index] = raw.sqlite3_bind_parameter_index(statement, parameters[index].Name);
            }

            prepared = new Prepared(statement, indices);
            _prepared.Add(sql, prepared);
        }

        for (int index = 0; index < parameters.Length; index++)
        {
            Check(parameters[index].Value is long number
                ? raw.sqlite3_bind_int64(prepared.Statement, prepared.Parameters[index], number)
                : raw.sqlite3_bind_text(prepared.Statement, prepared.Parameters[index], (string)parameters[index].Value));
        }

        return prepared.Statement;
    }

    // While another process writes, the packaged SQLite would sleep for whole seconds (it is built without usleep), its
    // .NET wrapper for 150 ms; the other's transaction takes a fraction of one.
    private bool Step(sqlite3_stmt statement)
    {
        long start = Stopwatch.GetTimestamp();
        int result;
        while ((result = raw.sqlite3_step(statement)) == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(start) < _busyTimeout)
        {
            raw.sqlite3_reset(statement);
            Thread.Sleep(1);
        }

        Check(result);
        return result == raw.SQLITE_ROW;
    }

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection.Handle);

    private sealed record Prepared(sqlite3_stmt Statement, int[] Parameters);
}
