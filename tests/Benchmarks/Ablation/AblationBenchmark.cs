using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Runs;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Ablation;

/// <summary>
/// The papers' ablations redone on PipeSim with a small network: what the network sees, how it is trained, how it scores. Each
/// training runs on two threads, in half as many processes as there are processors; one that is done is not done again.
/// </summary>
internal static class AblationBenchmark
{
    /// <summary>What a worker process is started with.</summary>
    public const string WorkerCommand = "ablation-worker";

    // On one, libtorch leaves oneDNN's convolutions out.
    private const int Threads = 2;

    // The papers' recipe; rates, loss and average scaled to a network that is drawn and sees each clip a dozen times.
    private static readonly TrainingRecipe Recipe = new()
    {
        BatchSize = 16,
        MaxLearningRate = 4e-3,
        LayerScaleInitialValue = 0.1,
        GammaNegative = 2,
        EmaDecay = 0.99,
        DropPathRate = 0,
        EpochSelection = EpochSelection.Last,
    };

    /// <summary>Runs it.</summary>
    public static Task<int> RunAsync(string[] arguments)
    {
        var clips = new Option<string>("--clips") { Description = "PipeSim's clips: the folders train and heldout.", Required = true };
        var work = new Option<string>("--work") { Description = "Where data sets and predictions are kept.", Required = true };
        var report = new Option<string>("--out") { Description = "The Markdown file; the JSON stands beside it.", Required = true };
        var architecture = new Option<string>("--architecture") { Description = "The network.", DefaultValueFactory = _ => "convnext_atto" };
        var tile = new Option<int>("--tile") { Description = "Pixels per side of a tile.", DefaultValueFactory = _ => 32 };
        var epochs = new Option<int>("--epochs") { Description = "Passes over the training clips.", DefaultValueFactory = _ => 12 };
        var seeds = new Option<int>("--seeds") { Description = "How many seeds.", DefaultValueFactory = _ => 3 };
        var processes = new Option<int>("--processes") { Description = "Trainings at a time.", DefaultValueFactory = _ => Math.Max(1, Environment.ProcessorCount / Threads) };
        var command = new RootCommand("Ablations on PipeSim.") { clips, work, report, architecture, tile, epochs, seeds, processes };
        command.SetAction(async (parsed, _) =>
        {
            int count = parsed.GetValue(epochs);
            var settings = new AblationSettings(
                Path.GetFullPath(parsed.GetRequiredValue(clips)),
                Path.GetFullPath(parsed.GetRequiredValue(work)),
                parsed.GetRequiredValue(architecture),
                parsed.GetValue(tile),
                parsed.GetValue(seeds),
                Recipe with { Epochs = count, ValidationInterval = count });
            await TrainAsync(settings, parsed.GetValue(processes));
            await AblationReport.WriteAsync(settings, parsed.GetRequiredValue(report));
            Console.WriteLine(await File.ReadAllTextAsync(parsed.GetRequiredValue(report)));
            return 0;
        });
        return command.Parse(arguments).InvokeAsync();
    }

    /// <summary>Trains the cells that are asked for, a line each, until its input ends.</summary>
    public static async Task<int> RunWorkerAsync(string settings)
    {
        set_num_threads(Threads);
        var read = AblationSettings.Parse(settings);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            await AblationCell.Parse(line).RunAsync(read);
            Console.WriteLine("done");
        }

        return 0;
    }

    private static async Task TrainAsync(AblationSettings settings, int processes)
    {
        // Cut by one process: the others find it done.
        var data = new AblationData(settings.Clips, settings.Work, settings.TileSize);
        foreach (string cut in new[] { AblationData.Uniform3, AblationData.Uniform4, AblationData.Uniform5, AblationData.Sequence, AblationData.Dense })
        {
            foreach (string half in new[] { "train", "heldout" })
            {
                using TileDataset tiles = await data.OpenAsync(half, cut);
                Console.WriteLine($"{half}, {cut}: {tiles.Count} clips");
            }
        }

        AblationCell[] open = [.. Cells(settings).Where(cell => !File.Exists(cell.FileIn(settings.Work)))];
        var queue = new ConcurrentQueue<AblationCell>(open);
        var watch = Stopwatch.StartNew();
        int done = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(processes, open.Length)).Select(async _ =>
        {
            using var worker = WorkerProcess.OfThisProgram(WorkerCommand, settings.ToText());
            while (queue.TryDequeue(out AblationCell? cell))
            {
                await worker.AskAsync(cell.ToString());
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Interlocked.Increment(ref done)}/{open.Length} {watch.Elapsed.TotalMinutes:F1} min: {cell}"));
            }
        }));
    }

    /// <summary>Every training of a study, seed by seed.</summary>
    public static IEnumerable<AblationCell> Cells(AblationSettings settings) =>
        from seed in Enumerable.Range(1, settings.Seeds)
        from variant in AblationPlan.Variants(settings.Recipe)
        from fold in Enumerable.Range(0, variant.Folds)
        select new AblationCell(variant.Name, seed, fold);
}
