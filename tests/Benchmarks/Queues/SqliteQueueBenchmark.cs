using System.Diagnostics;
using System.Globalization;

namespace CloudPipe.Benchmarks.Queues;

/// <summary>
/// The SQLite queue beside bare SQLite: 2 processes with 4 workers each send all messages, then drain them, every worker
/// one message at a time; bare, they insert the same rows and delete them, one transaction a statement. In turns, with
/// the same settings of the file.
/// </summary>
public static class SqliteQueueBenchmark
{
    /// <summary>The word that starts a worker process of this benchmark.</summary>
    public const string WorkerCommand = "queue-worker";

    private const int Processes = 2;
    private const int Rounds = 5;
    private const double LeastRatio = 0.5;

    private static readonly Contender _queue = new("queue: send; receive and complete singly", Workload.Queue, Processes, 4);

    private static readonly Contender _bare = new("bare: insert; delete", Workload.Bare, Processes, 4);

    // The last two are for the reader: connections that compete for the file wait for one another, so fewer are quicker.
    private static readonly Contender[] _contenders =
    [
        _queue,
        _bare,
        new("bare: insert; delete", Workload.Bare, Processes, 1),
        new("bare: insert; delete", Workload.Bare, 1, 1),
    ];

    /// <summary>Prints the rates; fails when the queue is slower than half of bare SQLite with as many processes and workers.</summary>
    /// <param name="args">The number of messages a round, 20,000 unless given, and of rounds.</param>
    public static async Task<int> RunAsync(string[] args)
    {
        int messages = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
        int rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : Rounds;
        WorkerProcess[] processes = [.. Enumerable.Range(0, Processes).Select(_ => WorkerProcess.OfThisProgram(WorkerCommand))];
        try
        {
            var rates = _contenders.ToDictionary(contender => contender, _ => new List<Rates>());
            foreach (Contender contender in _contenders)
            {
                await MeasureAsync(processes, contender, messages / 10);
            }

            for (int round = 0; round < rounds; round++)
            {
                foreach (Contender contender in _contenders)
                {
                    rates[contender].Add(await MeasureAsync(processes, contender, messages));
                }
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{messages:N0} messages, messages/s, medians of {rounds} rounds in turns; the ratio is the queue's to this, in and out"));
            Console.WriteLine($"{string.Empty,-52}{"in",8}{"out",8}{"both",8}{"ratio",8}  of the rounds");
            foreach (Contender contender in _contenders)
            {
                Print(contender, Ratios(rates[_queue], rates[contender]), rates[contender]);
            }

            return Median(Ratios(rates[_queue], rates[_bare])) >= LeastRatio ? 0 : 1;
        }
        finally
        {
            foreach (WorkerProcess process in processes)
            {
                process.Dispose();
            }
        }
    }

    private static async Task<Rates> MeasureAsync(WorkerProcess[] processes, Contender contender, int messages)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cloudpipe-benchmark-");
        try
        {
            string file = Path.Combine(folder.FullName, "queue.db");
            double into = await PhaseAsync(processes, contender, "In", file, messages);
            double outOf = await PhaseAsync(processes, contender, "Out", file, messages);
            return new Rates(messages / into, messages / outOf, messages / (into + outOf));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Opens the file in every process, then lets all start at once.</summary>
    /// <returns>Seconds until the last was done.</returns>
    private static async Task<double> PhaseAsync(WorkerProcess[] processes, Contender contender, string phase, string file, int messages)
    {
        WorkerProcess[] working = processes[..contender.Processes];
        for (int index = 0; index < working.Length; index++)
        {
            await working[index].AskAsync($"{contender.Workload} {phase} {index} {working.Length} {contender.Workers} {messages} {file}");
        }

        long start = Stopwatch.GetTimestamp();
        string[] handled = await Task.WhenAll(working.Select(process => process.AskAsync("go")));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int sum = handled.Sum(count => int.Parse(count, CultureInfo.InvariantCulture));
        return sum == messages ? seconds : throw new InvalidOperationException($"{contender.Workload}, {phase}: handled {sum} of {messages} messages.");
    }

    private static double[] Ratios(List<Rates> queue, List<Rates> peer) => [.. queue.Zip(peer, (one, other) => one.Both / other.Both)];

    private static void Print(Contender contender, double[] ratios, List<Rates> rates)
    {
        string name = $"{contender.Name}, {contender.Processes} x {contender.Workers}";
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-52}{Median(rates.Select(rate => rate.In)),8:N0}{Median(rates.Select(rate => rate.Out)),8:N0}{Median(rates.Select(rate => rate.Both)),8:N0}{Median(ratios),8:F2}  {string.Join(' ', ratios.Select(ratio => ratio.ToString("F2", CultureInfo.InvariantCulture)))}"));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private sealed record Contender(string Name, Workload Workload, int Processes, int Workers);

    private sealed record Rates(double In, double Out, double Both);
}
