using CloudPipe.Benchmarks.Cutting;
using CloudPipe.Benchmarks.Pipeline;
using CloudPipe.Benchmarks.Queues;
using CloudPipe.Benchmarks.Scoring;
using CloudPipe.Benchmarks.Training;

// Every benchmark pairs CloudPipe with its peer in one run: compare the ratios, not the times.
// The ensemble has none, and runs only when it is named.
const string OnRequest = "ensemble";
var benchmarks = new (string Name, Func<string[], Task<int>> RunAsync)[]
{
    ("cut", CutBenchmark.RunAsync),
    ("score", ScoreBenchmark.RunAsync),
    ("train-step", TrainStepBenchmark.RunAsync),
    ("checkpointing", CheckpointingBenchmark.RunAsync),
    ("queue", SqliteQueueBenchmark.RunAsync),
    ("overhead", OverheadBenchmark.RunAsync),
    (OnRequest, EnsembleBenchmark.RunAsync),
};

if (args is [SqliteQueueBenchmark.WorkerCommand])
{
    return await QueueWorker.RunAsync();
}

if (args is [CheckpointingBenchmark.WorkerCommand, string architecture, string recomputes])
{
    return CheckpointingBenchmark.RunWorker(architecture, bool.Parse(recomputes));
}

string? only = args.FirstOrDefault();
if (only is not null && benchmarks.All(benchmark => benchmark.Name != only))
{
    await Console.Error.WriteLineAsync($"There is no benchmark '{only}': {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}.");
    return 2;
}

int exitCode = 0;
foreach ((string name, Func<string[], Task<int>> runAsync) in benchmarks.Where(benchmark => only is null ? benchmark.Name != OnRequest : benchmark.Name == only))
{
    Console.WriteLine($"== {name}");
    exitCode |= await runAsync([.. args.Skip(1)]);
}

return exitCode;
