using System.Diagnostics;
using System.Globalization;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Labels;
using CloudPipe.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.Benchmarks.Training;

/// <summary>
/// How fast training reads its clips, 9 tiles of 448 pixels, flipped and shuffled, in batches of 4 from a tile dataset in the
/// page cache, against a training step of resnet50 with such a batch. The loader must never be what training waits for.
/// </summary>
internal static class LoaderBenchmark
{
    private const int Grid = 3;
    private const int TileSize = 448;
    private const int Batch = 4;
    private const int Clips = 48;
    private const int Rounds = 5;
    private const double LeastRatio = 2;

    private static readonly TrainingRecipe Augmented = new() { Augmentation = AugmentationKind.RandAugment, ColorJitter = new(0.4, 0.4, 0.4, 0.1) };
    private static readonly double[] Half = [0.5, 0.5, 0.5];

    /// <summary>Runs it.</summary>
    public static Task<int> RunAsync(string[] arguments)
    {
        int threads = Environment.ProcessorCount;
        set_num_threads(threads);
        string path = Path.Combine(Path.GetTempPath(), $"cloudpipe-loader-{Environment.ProcessId}.tiles");
        try
        {
            WriteClips(path);
            using TileDataset dataset = TileDataset.Open(path);
            Device device = torch.device(cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU);
            Console.WriteLine($"{Grid * Grid} tiles of {TileSize}, batch {Batch}, flip and shuffle, {threads} threads; resnet50 forward and backward on {device.type.ToString().ToLowerInvariant()}");
            using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("resnet50", new ModelOptions(QvPipeTaxonomy.Taxonomy.Count)).to(device);
            network.train();
            double loaded = Median(Rounds, round => ClipsPerSecondLoaded(dataset, round, new TrainingRecipe()));
            double augmented = Median(Rounds, round => ClipsPerSecondLoaded(dataset, round, Augmented));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"loader {loaded:F1} clips/s, with RandAugment and colour jitter {augmented:F1}"));

            // A step takes half a minute on a CPU of two cores, where the first is as fast as any.
            double trained = Median(device.type == DeviceType.CPU ? 1 : Rounds, _ => ClipsPerSecondTrained(network, dataset, device));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"training {trained:F3} clips/s, ratio {loaded / trained:F0} (at least {LeastRatio} is wanted)"));
            return Task.FromResult(loaded / trained >= LeastRatio ? 0 : 1);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double Median(int rounds, Func<int, double> measure)
    {
        double[] sorted = [.. Enumerable.Range(0, rounds).Select(measure).Order()];
        return sorted[rounds / 2];
    }

    private static void WriteClips(string path)
    {
        LabelledVideo[] videos = [.. Enumerable.Range(0, Clips).Select(clip => new LabelledVideo($"{clip:D2}.mp4", [clip % QvPipeTaxonomy.Taxonomy.Count]))];
        var header = new TileDatasetHeader("loader benchmark", Grid, TileSize, videos);
        byte[] tiles = new byte[header.StoredBytes];
        TileDataset.Write(path, header, clip =>
        {
            new Random(clip).NextBytes(tiles);
            return tiles;
        });
    }

    private static double ClipsPerSecondLoaded(TileDataset dataset, int epoch, TrainingRecipe recipe)
    {
        var batcher = new TileBatcher(dataset, QvPipeTaxonomy.Taxonomy.Count);
        int[] order = new CounterRandom(1).At(epoch).Permutation(Clips);
        long started = Stopwatch.GetTimestamp();
        foreach (int[] clips in order.Chunk(Batch))
        {
            using Tensor tiles = batcher.Tiles(clips, new CounterRandom(2).At(epoch), recipe);
        }

        return Clips / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    // On the CPU clip by clip, their gradients added up: the activations of four such super-images take 16 GB.
    private static double ClipsPerSecondTrained(nn.Module<Tensor, Tensor> network, TileDataset dataset, Device device)
    {
        var batcher = new TileBatcher(dataset, QvPipeTaxonomy.Taxonomy.Count);
        var superImages = new SuperImageBuilder(Grid, TileSize, Half, Half);
        int together = device.type == DeviceType.CPU ? 1 : Batch;
        var watch = new Stopwatch();
        network.zero_grad();
        foreach (int[] clips in Enumerable.Range(0, Batch).Chunk(together))
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor images = superImages.Build(batcher.Tiles(clips), device);
            Tensor targets = batcher.Targets(clips).to(device);
            watch.Start();
            Tensor loss = nn.functional.binary_cross_entropy_with_logits(network.call(images), targets);
            loss.backward();
            loss.cpu().item<float>(); // waits for the device
            watch.Stop();
        }

        return Batch / watch.Elapsed.TotalSeconds;
    }
}
