using System.Diagnostics;
using System.Globalization;
using CloudPipe.GpuWorker.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>
/// A process of <see cref="ScoreBenchmark"/> that holds one network, as <c>torchvision_peer.py</c> holds its namesake. It
/// answers each line with the seconds of a forward pass.
/// </summary>
internal static class ScoreWorker
{
    /// <summary>The verb that starts it: <c>score-worker ARCHITECTURE BATCH THREADS</c>.</summary>
    public const string Command = "score-worker";

    /// <summary>Answers until the input ends.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        set_num_threads(int.Parse(args[2], CultureInfo.InvariantCulture));
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(args[0], new ModelOptions(ClassCount: 17));
        network.eval();
        using Tensor images = rand(int.Parse(args[1], CultureInfo.InvariantCulture), 3, 448, 448);
        while (await Console.In.ReadLineAsync() is not null)
            Console.WriteLine(Pass(network, images).ToString(CultureInfo.InvariantCulture));

        return 0;
    }

    private static double Pass(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        using IDisposable inference = inference_mode();
        using DisposeScope scope = NewDisposeScope();
        long started = Stopwatch.GetTimestamp();
        network.forward(images);
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
