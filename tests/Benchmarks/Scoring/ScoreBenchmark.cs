using System.Diagnostics;
using System.Globalization;
using CloudPipe.GpuWorker.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>Networks at 3×448×448 against torchvision's of the same name and function in the same libtorch, a pass of each in turns.</summary>
internal static class ScoreBenchmark
{
    private const int Rounds = 11;

    private const string TorchvisionPrefix = "torchvision_";

    private static readonly string[] Architectures = ["convnext_base", "resnet50", "efficientnet_b0", "torchvision_swin_t"];

    /// <summary>Runs it for the architectures that are named, or else for all.</summary>
    public static async Task<int> RunAsync(string[] names)
    {
        int threads = Environment.ProcessorCount;
        set_num_threads(threads);
        using Process peer = StartPeer(threads);
        if (await peer.StandardOutput.ReadLineAsync() != "ready")
        {
            await Console.Error.WriteLineAsync("bench: python3 with torch and torchvision did not start: make setup installs them for 'make bench'.");
            return 1;
        }

        Console.WriteLine($"3x448x448, float32, {threads} threads, {Rounds} paired rounds");
        Console.WriteLine("architecture         batch   CloudPipe ms   PyTorch ms   ratio (median of pairs)");
        foreach (string architecture in names.Length > 0 ? names : Architectures)
        {
            using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(ClassCount: 17));
            network.eval();
            foreach (int batch in new[] { 1, 4 })
                await CompareAsync(architecture, network, peer, batch);
        }

        return 0;
    }

    private static async Task CompareAsync(string architecture, nn.Module<Tensor, Tensor> network, Process peer, int batch)
    {
        using Tensor images = rand(batch, 3, 448, 448);
        var pairs = new List<(double Ours, double Theirs)>();
        for (int round = 0; round <= Rounds; round++)
        {
            (double Ours, double Theirs) pair = (Forward(network, images), await ForwardPeerAsync(peer, architecture.Replace(TorchvisionPrefix, string.Empty, StringComparison.Ordinal), batch));
            if (round > 0) // The first pair warms both up.
                pairs.Add(pair);
        }

        double ratio = Median(pairs.Select(pair => pair.Ours / pair.Theirs));
        Console.WriteLine($"{architecture,-18}   {batch,5}   {Median(pairs.Select(pair => pair.Ours)) * 1000,12:F0}   {Median(pairs.Select(pair => pair.Theirs)) * 1000,10:F0}   {ratio:F3}");
    }

    private static double Forward(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        long started = Stopwatch.GetTimestamp();
        network.forward(images);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> ForwardPeerAsync(Process peer, string architecture, int batch)
    {
        await peer.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{architecture} {batch}"));
        await peer.StandardInput.FlushAsync();
        return double.Parse(await peer.StandardOutput.ReadLineAsync() ?? "NaN", CultureInfo.InvariantCulture);
    }

    private static Process StartPeer(int threads) => Process.Start(new ProcessStartInfo("/usr/bin/python3")
    {
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Scoring", "torchvision_peer.py"), threads.ToString(CultureInfo.InvariantCulture) },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
