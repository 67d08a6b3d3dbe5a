using System.Diagnostics;
using System.Globalization;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Training;

/// <summary>The memory that a process needs at most for two training steps at 4×3×448×448, with and without gradient checkpointing.</summary>
internal static class CheckpointingBenchmark
{
    public const string WorkerCommand = "checkpointing-step";

    private const int Batch = 4;
    private const int Classes = 17;

    /// <summary>Runs it for the architectures that are named, or else for convnext_base.</summary>
    public static async Task<int> RunAsync(string[] names)
    {
        Console.WriteLine($"{Batch}x3x448x448, float32, a process each: forward, asymmetric loss, backward, AdamW, twice");
        Console.WriteLine("architecture         plain MiB   recomputed MiB   ratio   plain s   recomputed s   ratio");
        foreach (string architecture in names.Length > 0 ? names : ["convnext_base"])
        {
            (double plainMemory, double plainSeconds) = await StepAsync(architecture, recomputes: false);
            (double memory, double seconds) = await StepAsync(architecture, recomputes: true);
            Console.WriteLine($"{architecture,-18}   {plainMemory,9:F0}   {memory,14:F0}   {memory / plainMemory,5:F2}   {plainSeconds,7:F1}   {seconds,12:F1}   {seconds / plainSeconds,5:F2}");
        }

        return 0;
    }

    /// <summary>The process that is measured: writes its highest resident memory in MiB and the seconds of the second step.</summary>
    public static int RunWorker(string architecture, bool recomputes)
    {
        set_num_threads(Environment.ProcessorCount);
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(Classes));
        if (recomputes)
            GradientCheckpointing.Enable(network);

        using AdamW optimizer = optim.AdamW(network.parameters(), lr: 1e-4, weight_decay: 0.05);
        using Tensor images = rand(Batch, 3, 448, 448);
        using Tensor targets = zeros(Batch, Classes);
        double seconds = 0;
        for (int step = 0; step < 2; step++)
        {
            long started = Stopwatch.GetTimestamp();
            using DisposeScope scope = NewDisposeScope();
            new AsymmetricLoss().Compute(network.call(images), targets).backward();
            optimizer.step();
            foreach (Parameter parameter in network.parameters())
                parameter.grad = null;

            seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        }

        string peak = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        double mebibytes = double.Parse(peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{mebibytes} {seconds}"));
        return 0;
    }

    private static async Task<(double Mebibytes, double Seconds)> StepAsync(string architecture, bool recomputes)
    {
        using Process worker = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            ["exec", typeof(CheckpointingBenchmark).Assembly.Location, WorkerCommand, architecture, recomputes.ToString()])
        {
            RedirectStandardOutput = true,
        })!;
        string[] numbers = (await worker.StandardOutput.ReadToEndAsync()).Split(' ');
        await worker.WaitForExitAsync();
        return (double.Parse(numbers[0], CultureInfo.InvariantCulture), double.Parse(numbers[1], CultureInfo.InvariantCulture));
    }
}
