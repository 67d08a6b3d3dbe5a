using System.Diagnostics;
using System.Globalization;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training.Losses;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Training;

/// <summary>
/// A training step (forward, asymmetric loss, backward, AdamW) at 4×3×448×448 against torchvision's network of the same name
/// in the same libtorch, a step of each in turns.
/// </summary>
internal static class TrainStepBenchmark
{
    private const int Rounds = 7;
    private const int Batch = 4;
    private const int Classes = 17;

    private static readonly string[] Architectures = ["resnet50", "convnext_base"];

    /// <summary>Runs it for the architectures that are named, or else for all.</summary>
    public static async Task<int> RunAsync(string[] names)
    {
        int threads = Environment.ProcessorCount;
        set_num_threads(threads);
        Console.WriteLine($"{Batch}x3x448x448, float32, {threads} threads, {Rounds} paired rounds");
        Console.WriteLine("architecture         CloudPipe ms   PyTorch ms   ratio (median of pairs)");
        foreach (string architecture in names.Length > 0 ? names : Architectures)
        {
            using Process peer = StartPeer(threads, architecture);
            if (await peer.StandardOutput.ReadLineAsync() != "ready")
            {
                await Console.Error.WriteLineAsync("bench: python3 with torch and torchvision did not start: make setup installs them for 'make bench'.");
                return 1;
            }

            await CompareAsync(architecture, peer);
        }

        return 0;
    }

    private static async Task CompareAsync(string architecture, Process peer)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(Classes));
        using AdamW optimizer = optim.AdamW(network.parameters(), lr: 1e-4, weight_decay: 0.05);
        using Tensor images = rand(Batch, 3, 448, 448);
        using Tensor targets = zeros(Batch, Classes);
        var pairs = new List<(double Ours, double Theirs)>();
        for (int round = 0; round <= Rounds; round++)
        {
            (double Ours, double Theirs) pair = (Step(network, optimizer, images, targets), await StepPeerAsync(peer));
            if (round > 0) // The first pair warms both up.
                pairs.Add(pair);
        }

        double ratio = Median(pairs.Select(pair => pair.Ours / pair.Theirs));
        Console.WriteLine($"{architecture,-18}   {Median(pairs.Select(pair => pair.Ours)) * 1000,12:F0}   {Median(pairs.Select(pair => pair.Theirs)) * 1000,10:F0}   {ratio:F3}");
    }

    private static double Step(nn.Module<Tensor, Tensor> network, AdamW optimizer, Tensor images, Tensor targets)
    {
        long started = Stopwatch.GetTimestamp();
        using (NewDisposeScope())
        {
            new AsymmetricLoss().Compute(network.call(images), targets).backward();
            optimizer.step();
            foreach (Parameter parameter in network.parameters()) // As FoldTrainer drops them.
                parameter.grad = null;
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> StepPeerAsync(Process peer)
    {
        await peer.StandardInput.WriteLineAsync("step");
        await peer.StandardInput.FlushAsync();
        return double.Parse(await peer.StandardOutput.ReadLineAsync() ?? "NaN", CultureInfo.InvariantCulture);
    }

    private static Process StartPeer(int threads, string architecture) => Process.Start(new ProcessStartInfo("/usr/bin/python3")
    {
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Training", "train_step_peer.py"), threads.ToString(CultureInfo.InvariantCulture), architecture },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
