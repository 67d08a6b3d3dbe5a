using SQLitePCL;

namespace CloudPipe.Benchmarks.Queues;

/// <summary>SQLite with nothing between: prepared statements, one transaction each, in a file with the queue's settings.</summary>
internal sealed class BareConnection : IDisposable
{
    private readonly sqlite3 _database;

    static BareConnection() => Batteries_V2.Init();

    public BareConnection(string file)
    {
        Check(raw.sqlite3_open(file, out _database));
        foreach (string sql in new[]
        {
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = NORMAL",
            "PRAGMA wal_autocheckpoint = 8000",
            "CREATE TABLE IF NOT EXISTS messages (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL)",
        })
        {
            Check(WhenFree(() => raw.sqlite3_exec(_database, sql)));
        }
    }

    /// <returns>How many rows were inserted.</returns>
    public int Insert((int From, int To) share, Func<int, string> id, string body)
    {
        using sqlite3_stmt insert = Prepare("INSERT INTO messages (id, body) VALUES (?, ?)");
        return ForEach(share, insert, number =>
        {
            raw.sqlite3_bind_text(insert, 1, id(number));
            raw.sqlite3_bind_text(insert, 2, body);
        });
    }

    /// <returns>How many rows were deleted.</returns>
    public int Delete((int From, int To) share)
    {
        using sqlite3_stmt delete = Prepare("DELETE FROM messages WHERE sequence = ?");
        return ForEach(share, delete, number => raw.sqlite3_bind_int64(delete, 1, number + 1));
    }

    public void Dispose() => _database.Dispose();

    private static int WhenFree(Func<int> work)
    {
        int result;
        while ((result = work()) == raw.SQLITE_BUSY)
        {
            Thread.Sleep(1);
        }

        return result;
    }

    private int ForEach((int From, int To) share, sqlite3_stmt statement, Action<int> bind)
    {
        int changed = 0;
        for (int number = share.From; number < share.To; number++)
        {
            bind(number);
            Check(WhenFree(() =>
            {
                raw.sqlite3_step(statement);
                return raw.sqlite3_reset(statement);
            }));
            changed += raw.sqlite3_changes(_database);
        }

        return changed;
    }

    private sqlite3_stmt Prepare(string sql)
    {
        Check(raw.sqlite3_prepare_v2(_database, sql, out sqlite3_stmt statement));
        return statement;
    }

    private void Check(int result)
    {
        if (result != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite: {raw.sqlite3_errmsg(_database).utf8_to_string()}");
        }
    }
}
