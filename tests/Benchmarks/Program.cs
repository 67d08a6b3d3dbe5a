using CloudPipe.Benchmarks.Ablation;
using CloudPipe.Benchmarks.Cutting;
using CloudPipe.Benchmarks.Folds;
using CloudPipe.Benchmarks.Pipeline;
using CloudPipe.Benchmarks.Queues;
using CloudPipe.Benchmarks.Rehearsal;
using CloudPipe.Benchmarks.Scoring;
using CloudPipe.Benchmarks.Training;

// Every benchmark pairs CloudPipe with its peer in one run: compare the ratios, not the times.
// The ensemble, the folds, the ablations and the rehearsal have none, and the GPU needs a GPU: they run only when they are named.
string[] onRequest = ["ensemble", "folds", "gpu", "ablation", "rehearse"];
var benchmarks = new (string Name, Func<string[], Task<int>> RunAsync)[]
{
    ("cut", CutBenchmark.RunAsync),
    ("score", ScoreBenchmark.RunAsync),
    ("train-step", TrainStepBenchmark.RunAsync),
    ("checkpointing", CheckpointingBenchmark.RunAsync),
    ("queue", SqliteQueueBenchmark.RunAsync),
    ("overhead", OverheadBenchmark.RunAsync),
    ("loader", LoaderBenchmark.RunAsync),
    ("ensemble", EnsembleBenchmark.RunAsync),
    ("folds", FoldsBenchmark.RunAsync),
    ("gpu", GpuBenchmark.RunAsync),
    ("ablation", AblationBenchmark.RunAsync),
    ("rehearse", RehearsalBenchmark.RunAsync),
};

switch (args)
{
    case [SqliteQueueBenchmark.WorkerCommand]:
        return await QueueWorker.RunAsync();
    case [ScoreWorker.Command, ..]:
        return await ScoreWorker.RunAsync([.. args.Skip(1)]);
    case [AblationBenchmark.WorkerCommand, string settings]:
        return await AblationBenchmark.RunWorkerAsync(settings);
    case [NetworkServer.Command, string device]:
        return await NetworkServer.RunAsync(device);
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
foreach ((string name, Func<string[], Task<int>> runAsync) in benchmarks.Where(benchmark => only is null ? !onRequest.Contains(benchmark.Name) : benchmark.Name == only))
{
    Console.WriteLine($"== {name}");
    exitCode |= await runAsync([.. args.Skip(1)]);
}

return exitCode;
