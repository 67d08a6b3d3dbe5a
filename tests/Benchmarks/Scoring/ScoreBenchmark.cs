using System.Globalization;

namespace CloudPipe.Benchmarks.Scoring;

/// <summary>
/// Networks at 3×448×448 against torchvision's of the same name and function in the same libtorch: a process of each that
/// holds nothing else, a pass of each in turns, and the largest memory that either took.
/// </summary>
internal static class ScoreBenchmark
{
    private const int Rounds = 11;

    private const string TorchvisionPrefix = "torchvision_";

    private static readonly string[] Architectures = ["convnext_base", "resnet50", "efficientnet_b0", "torchvision_swin_t"];

    /// <summary>Runs it for the architectures that are named, or else for all.</summary>
    public static async Task<int> RunAsync(string[] names)
    {
        Console.WriteLine($"3x448x448, float32, {Environment.ProcessorCount} threads, median of {Rounds} paired rounds");
        Console.WriteLine("architecture         batch   CloudPipe ms   PyTorch ms   ratio   CloudPipe MB at most   PyTorch MB   ratio");
        foreach (string architecture in names.Length > 0 ? names : Architectures)
        {
            foreach (int batch in new[] { 1, 4 })
                await CompareAsync(architecture, batch);
        }

        return 0;
    }

    private static async Task CompareAsync(string architecture, int batch)
    {
        string size = batch.ToString(CultureInfo.InvariantCulture);
        string threads = Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture);
        using var ours = WorkerProcess.OfThisProgram(ScoreWorker.Command, architecture, size, threads);
        using var theirs = new WorkerProcess("/usr/bin/python3", Path.Combine(AppContext.BaseDirectory, "Scoring", "torchvision_peer.py"), architecture.Replace(TorchvisionPrefix, string.Empty, StringComparison.Ordinal), size, threads);
        var pairs = new List<(double Ours, double Theirs)>();
        for (int round = 0; round <= Rounds; round++)
        {
            (double Ours, double Theirs) pair = (await PassAsync(ours), await PassAsync(theirs));
            if (round > 0) // The first pair warms both up.
                pairs.Add(pair);
        }

        (double Ours, double Theirs) peak = (ours.PeakBytes, theirs.PeakBytes);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{architecture,-18}   {batch,5}   {Median(pairs.Select(pair => pair.Ours)) * 1000,12:F0}   {Median(pairs.Select(pair => pair.Theirs)) * 1000,10:F0}   {Median(pairs.Select(pair => pair.Ours / pair.Theirs)),5:F2}   {peak.Ours / 1e6,20:F0}   {peak.Theirs / 1e6,10:F0}   {peak.Ours / peak.Theirs,5:F2}"));
    }

    private static async Task<double> PassAsync(WorkerProcess worker) => double.Parse(await worker.AskAsync("pass"), CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
