using System.Diagnostics;
using System.Globalization;
using CloudPipe.GpuWorker.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>
/// A network at 3×448×448 against torchvision's of the same name in the same libtorch, a pass of each in turns. The argument
/// names it: convnext_base unless another is given.
/// </summary>
internal static class ScoreBenchmark
{
    private const int Rounds = 11;

    public static async Task<int> RunAsync(string[] arguments)
    {
        string architecture = arguments.FirstOrDefault() ?? "convnext_base";
        int threads = Environment.ProcessorCount;
        set_num_threads(threads);
        using Process peer = StartPeer(architecture, threads);
        if (await peer.StandardOutput.ReadLineAsync() != "ready")
        {
            await Console.Error.WriteLineAsync("bench: python3 with torch and torchvision did not start: make setup installs them for 'make bench'.");
            return 1;
        }

        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(ClassCount: 17));
        network.eval();
        Console.WriteLine($"{architecture}, 3x448x448, float32, {threads} threads, {Rounds} paired rounds");
        Console.WriteLine("batch   CloudPipe ms   PyTorch ms   ratio (median of pairs)");
        foreach (int batch in new[] { 1, 4 })
        {
            using Tensor images = rand(batch, 3, 448, 448);
            var pairs = new List<(double Ours, double Theirs)>();
            for (int round = 0; round <= Rounds; round++)
            {
                (double Ours, double Theirs) pair = (Forward(network, images), await ForwardPeerAsync(peer, batch));
                if (round > 0) // The first pair warms both up.
                {
                    pairs.Add(pair);
                }
            }

            double ratio = Median(pairs.Select(pair => pair.Ours / pair.Theirs));
            Console.WriteLine($"{batch,5}   {Median(pairs.Select(pair => pair.Ours)) * 1000,12:F0}   {Median(pairs.Select(pair => pair.Theirs)) * 1000,10:F0}   {ratio:F3}");
        }

        return 0;
    }

    private static double Forward(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        long started = Stopwatch.GetTimestamp();
        network.forward(images);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> ForwardPeerAsync(Process peer, int batch)
    {
        await peer.StandardInput.WriteLineAsync(batch.ToString(CultureInfo.InvariantCulture));
        await peer.StandardInput.FlushAsync();
        return double.Parse(await peer.StandardOutput.ReadLineAsync() ?? "NaN", CultureInfo.InvariantCulture);
    }

    private static Process StartPeer(string architecture, int threads) => Process.Start(new ProcessStartInfo("/usr/bin/python3")
    {
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Scoring", "torchvision_peer.py"), architecture, threads.ToString(CultureInfo.InvariantCulture) },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
