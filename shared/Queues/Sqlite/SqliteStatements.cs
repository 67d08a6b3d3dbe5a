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
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS messages (
            sequence INTEGER PRIMARY KEY,
            queue TEXT NOT NULL,
            id TEXT NOT NULL,
            body TEXT NOT NULL,
            delivery_count INTEGER NOT NULL,
            enqueued_at INTEGER NOT NULL,
            visible_at INTEGER NOT NULL,
            receipt INTEGER);
        CREATE INDEX IF NOT EXISTS messages_by_time ON messages (queue, visible_at);
        CREATE INDEX IF NOT EXISTS messages_by_id ON messages (queue, id);
        CREATE TABLE IF NOT EXISTS dead_letters (
            sequence INTEGER PRIMARY KEY,
            queue TEXT NOT NULL,
            id TEXT NOT NULL,
            body TEXT NOT NULL,
            delivery_count INTEGER NOT NULL,
            reason TEXT NOT NULL,
            dead_lettered_at INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS dead_letters_by_id ON dead_letters (queue, id);
        """;

    private static readonly TimeSpan _busyTimeout = TimeSpan.FromSeconds(30);

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

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
    public int Execute(string sql, params ReadOnlySpan<(string Name, object Value)> parameters) => Bind(sql, parameters).ExecuteNonQuery();

    /// <summary>Asks for one number.</summary>
    public long Count(string sql, params ReadOnlySpan<(string Name, object Value)> parameters) => (long)Bind(sql, parameters).ExecuteScalar()!;

    /// <summary>Reads rows.</summary>
    public List<T> Read<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var rows = new List<T>();
        using SqliteDataReader reader = Bind(sql, parameters).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Whether a transaction is open; a full disk, among others, makes SQLite roll it back by itself.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Runs several statements as one: all of them happen or none. Within another such call, a part of that one.</summary>
    public void Together(Action statements)
    {
        bool isPart = InTransaction;
        if (isPart)
        {
            Execute("SAVEPOINT part");
        }
        else
        {
            Begin();
        }

        try
        {
            statements();
            Execute(isPart ? "RELEASE part" : "COMMIT");
        }
        catch when (InTransaction)
        {
            Execute(isPart ? "ROLLBACK TO part; RELEASE part" : "ROLLBACK");
            throw;
        }
    }

    public void Dispose()
    {
        foreach (SqliteCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    // While another process writes, the packaged SQLite sleeps for whole seconds (it is built without usleep) and its
    // .NET wrapper for 150 ms; the other's transaction takes a fraction of one.
    private void Begin()
    {
        long start = Stopwatch.GetTimestamp();
        int result;
        while ((result = raw.sqlite3_exec(_connection.Handle, "BEGIN IMMEDIATE")) == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(start) < _busyTimeout)
        {
            Thread.Sleep(1);
        }

        SqliteException.ThrowExceptionForRC(result, _connection.Handle);
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
            Together(() => Execute($"{Schema}PRAGMA user_version = {SchemaVersion}"));
        }
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        if (!_commands.TryGetValue(sql, out SqliteCommand? command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach ((string name, object value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            _commands.Add(sql, command);
            return command;
        }

        for (int index = 0; index < parameters.Length; index++)
        {
            command.Parameters[index].Value = parameters[index].Value;
        }

        return command;
    }
}
