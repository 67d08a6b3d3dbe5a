using System.Globalization;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>
/// Networks on a GPU: the same function as the reference's there, how fast they score and train, and how near that comes to
/// the device's own matrix products and to PyTorch. <c>--device cpu</c> does the same, in float32, without a GPU.
/// </summary>
internal static class GpuBenchmark
{
    // Largest first.
    private static readonly int[] _scoreBatches = [8, 4, 2];

    private static readonly int[] _trainBatches = [4, 2, 1];

    /// <summary>Runs it.</summary>
    /// <param name="args">See <see cref="GpuBenchmarkOptions.Usage"/>.</param>
    /// <returns>0; 1 when there is no device, a network is not the reference's or fails; 2 on a wrong command line.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        GpuBenchmarkOptions options;
        try
        {
            options = GpuBenchmarkOptions.Parse(args);
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"bench: {exception.Message}");
            return 2;
        }

        if (options.Device == "cuda" && !cuda.is_available())
        {
            await Console.Error.WriteLineAsync($"bench: libtorch {__version__} sees no CUDA device here. 'make bench-gpu' builds over the libtorch of a PyTorch with CUDA; 'nvidia-smi' tells whether the driver sees the device; '--device cpu' runs the same without one.");
            return 1;
        }

        using var report = new GpuReport(options.OutputFile);
        double ceiling = await WriteHeadAsync(options, report);
        bool succeeded = await CompareWithReferencesAsync(options, report);
        report.StartMeasurements();
        foreach (string architecture in options.Architectures)
        {
            try
            {
                await MeasureAsync(options, report, architecture, ceiling);
            }
            catch (WorkerProcessException exception)
            {
                report.Add($"{architecture}: {exception.Message}");
                succeeded = false;
            }
        }

        report.WriteNotes();
        return succeeded ? 0 : 1;
    }

    /// <returns>The device's multiplications with addition a second.</returns>
    private static async Task<double> WriteHeadAsync(GpuBenchmarkOptions options, GpuReport report)
    {
        string[] answer;
        using (WorkerProcess ours = NetworkPair.StartOurs(options))
            answer = (await ours.AskAsync("ceiling")).Split(' ');

        double ceiling = double.Parse(answer[0], CultureInfo.InvariantCulture);
        report.WriteHead(
            options.Device == "cpu" ? $"CPU, {Environment.ProcessorCount} threads" : NvidiaDriver.DeviceName() ?? "CUDA",
            options.Device == "cpu" ? "float32" : "bfloat16",
            answer[1],
            await LibrariesOfPeerAsync(options),
            ceiling,
            options.Rounds);
        return ceiling;
    }

    private static async Task<string?> LibrariesOfPeerAsync(GpuBenchmarkOptions options)
    {
        using WorkerProcess? theirs = NetworkPair.StartTheirs(options);
        try
        {
            return theirs is null ? null : await theirs.AskAsync("libraries");
        }
        catch (WorkerProcessException)
        {
            return null;
        }
    }

    private static async Task<bool> CompareWithReferencesAsync(GpuBenchmarkOptions options, GpuReport report)
    {
        bool same = true;
        report.StartParity();
        foreach (string architecture in options.Architectures)
        {
            // A process each: what it leaves allocated must not count as another network's.
            using WorkerProcess ours = NetworkPair.StartOurs(options);
            string answer = await ours.AskAsync($"parity {architecture}");
            if (answer is "memory" || answer.StartsWith("error ", StringComparison.Ordinal))
            {
                report.Add($"{architecture}: {answer}");
                same = false;
                continue;
            }

            NetworkParity? parity = NetworkParity.Parse(answer);
            report.WriteParity(architecture, parity);
            same &= parity?.IsSame ?? true;
        }

        return same;
    }

    private static async Task MeasureAsync(GpuBenchmarkOptions options, GpuReport report, string architecture, double ceiling)
    {
        NetworkPair? pair = await NetworkPair.StartAsync(options, architecture);
        try
        {
            string? whyAlone = null;
            double operations = await pair.CountOperationsAsync();
            foreach ((string step, int[] batches) in new[] { ("score", new[] { 1 }), ("score", _scoreBatches), ("train", _trainBatches) })
            {
                GpuMeasurement? measurement = null;
                foreach (int batch in batches)
                {
                    pair ??= await NetworkPair.StartAsync(options, architecture);
                    measurement = await pair.CompareAsync(step, batch);
                    if (pair.WhyAlone is { } why && why != whyAlone)
                        report.Add($"{architecture}: alone, {whyAlone = why}");

                    if (measurement is not null)
                        break;

                    // What did not fit stays allocated until the process ends.
                    pair.Dispose();
                    pair = null;
                }

                if (measurement is null)
                    report.Add($"{architecture}: {step} does not fit with a batch of {batches[^1]}");
                else
                    report.WriteMeasurement(architecture, options.SideOf(architecture), measurement, step == "score" ? operations * measurement.Batch / measurement.Seconds / ceiling : null);
            }
        }
        finally
        {
            pair?.Dispose();
        }
    }
}
