using SQLitePCL;

namespace CloudPipe.Queues.Sqlite;

/// <summary>The row that a statement stands at.</summary>
internal readonly struct SqliteRow(sqlite3_stmt statement)
{
    public long Integer(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string();
}
