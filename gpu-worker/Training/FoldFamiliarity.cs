using CloudPipe.Familiarity;
using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training;

/// <summary>
/// Measures what a data set looks like to a trained fold's network, so that the release recognises footage unlike it: one pass
/// over clips that the fold learnt from and clips that it held out, as they are, in evaluation.
/// </summary>
/// <param name="dataset">The clips.</param>
/// <param name="method">Makes super-images of their tiles.</param>
/// <param name="batchSize">How many go through the network at a time.</param>
/// <param name="device">Where the network is.</param>
/// <param name="seed">Decides which clips of a large data set are taken.</param>
internal sealed class FoldFamiliarity(TileDataset dataset, Method method, int batchSize, Device device, int seed)
{
    /// <summary>The most clips of either kind that are looked at: a covariance of 64 dimensions is no better for more.</summary>
    public const int MostClips = 2000;

    /// <summary>
    /// The fewest of either kind. New footage like the training data lies farther away than all of n held-out clips once in
    /// n + 1 times: with 20 at most 5 % of it is flagged by mistake.
    /// </summary>
    public const int FewestClips = 20;

    // Places of the draws' random numbers.
    private const long TrainingPlace = 0;
    private const long HeldOutPlace = 1;

    private readonly TileBatcher batcher = new(dataset, classCount: 0);

    /// <summary>Measures it.</summary>
    /// <param name="network">The fold's network, with the weights that were kept.</param>
    /// <param name="task">The fold.</param>
    /// <param name="cancellationToken">Stops between batches.</param>
    /// <returns>The statistics; <see langword="null"/> when there are too few clips, all look the same to the network, or it has no stages.</returns>
    public FeatureStatistics? Measure(nn.Module<Tensor, Tensor> network, FoldTask task, CancellationToken cancellationToken)
    {
        using var means = StageMeans.Of(network);
        if (means is null || Math.Min(task.TrainingClips.Count, task.ValidationClips.Count) < FewestClips)
            return null;

        CounterRandom random = new CounterRandom((ulong)seed).At(task.FoldIndex);
        network.eval();
        float[][] training = Features(means, Draw(task.TrainingClips, random.At(TrainingPlace)), cancellationToken);
        float[][] heldOut = Features(means, Draw(task.ValidationClips, random.At(HeldOutPlace)), cancellationToken);
        return training.Skip(1).All(row => row.AsSpan().SequenceEqual(training[0])) ? null
            : FeatureStatisticsFitter.Fit(task.Architecture, task.FoldIndex, training, heldOut);
    }

    private static int[] Draw(IReadOnlyList<int> clips, CounterRandom random) =>
        clips.Count <= MostClips ? [.. clips] : [.. random.Permutation(clips.Count).Take(MostClips).Order().Select(place => clips[place])];

    // One row a clip.
    private float[][] Features(StageMeans means, int[] clips, CancellationToken cancellationToken)
    {
        var rows = new List<float[]>(clips.Length);
        using IDisposable inference = inference_mode();
        foreach (int[] batch in clips.Chunk(batchSize))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope scope = NewDisposeScope();
            Tensor features = means.Call(method.Build(batcher.Tiles(batch), device)).Means;
            rows.AddRange(features.cpu().data<float>().ToArray().Chunk((int)features.shape[1]));
        }

        return [.. rows];
    }
}
