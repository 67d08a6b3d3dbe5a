using System.Diagnostics;
using System.Globalization;
using CloudPipe.Queues;
using Microsoft.Data.Sqlite;

namespace CloudPipe.Benchmarks.Queues;

/// <summary>
/// The SQLite queue (send, receive, complete) beside bare inserts and deletes of the same rows in the same kind of file
/// (write-ahead log, synchronous NORMAL, prepared statements, one transaction a statement), in turns.
/// </summary>
public static class SqliteQueueBenchmark
{
    private const int Messages = 5000;
    private const int Rounds = 5;
    private static readonly string _body = new('x', 400);

    /// <summary>Prints the rates; fails when the queue, received in batches, is slower than half of bare SQLite.</summary>
    public static int Run(string[] args)
    {
        int messages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : Messages;
        Bare(messages / 10);
        QueueAsync(messages / 10, batch: 32).GetAwaiter().GetResult();
        var bare = new List<double>();
        var single = new List<double>();
        var batched = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            bare.Add(messages / Bare(messages).TotalSeconds);
            single.Add(messages / QueueAsync(messages, batch: 1).GetAwaiter().GetResult().TotalSeconds);
            batched.Add(messages / QueueAsync(messages, batch: 32).GetAwaiter().GetResult().TotalSeconds);
        }

        Print("bare insert + delete", bare, bare);
        Print("queue, received singly", single, bare);
        Print("queue, received in 32s", batched, bare);
        return Ratio(batched, bare) >= 0.5 ? 0 : 1;
    }

    private static void Print(string name, List<double> rates, List<double> bare) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{name,-24} {Median(rates),10:N0} messages/s   {Ratio(rates, bare),5:F2} of bare"));

    private static double Ratio(List<double> rates, List<double> bare) => Median([.. rates.Zip(bare, (rate, other) => rate / other)]);

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static TimeSpan Bare(int messages) => InFolder(file =>
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        foreach (string sql in new[] { "PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL", "CREATE TABLE messages (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL, body TEXT NOT NULL)" })
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        using SqliteCommand insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO messages (id, body) VALUES (@id, @body)";
        insert.Parameters.AddWithValue("@id", string.Empty);
        insert.Parameters.AddWithValue("@body", _body);
        using SqliteCommand delete = connection.CreateCommand();
        delete.CommandText = "DELETE FROM messages WHERE sequence = @sequence";
        delete.Parameters.AddWithValue("@sequence", 0L);
        long start = Stopwatch.GetTimestamp();
        for (int number = 0; number < messages; number++)
        {
            insert.Parameters[0].Value = $"score/{number:D8}";
            insert.ExecuteNonQuery();
        }

        for (long sequence = 1; sequence <= messages; sequence++)
        {
            delete.Parameters[0].Value = sequence;
            delete.ExecuteNonQuery();
        }

        return Task.FromResult(Stopwatch.GetElapsedTime(start));
    }).GetAwaiter().GetResult();

    private static Task<TimeSpan> QueueAsync(int messages, int batch) => InFolder(async file =>
    {
        using var queue = new SqliteMessageQueue(file, new QueueOptions());
        long start = Stopwatch.GetTimestamp();
        for (int number = 0; number < messages; number++)
        {
            await queue.SendAsync("work", new OutgoingMessage($"score/{number:D8}", _body));
        }

        while (await queue.ReceiveAsync("work", batch, TimeSpan.FromMinutes(1)) is { Count: > 0 } received)
        {
            foreach (ReceivedMessage message in received)
            {
                await queue.CompleteAsync(message);
            }
        }

        return Stopwatch.GetElapsedTime(start);
    });

    private static async Task<TimeSpan> InFolder(Func<string, Task<TimeSpan>> measure)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cloudpipe-benchmark-");
        try
        {
            return await measure(Path.Combine(folder.FullName, "queue.db"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
