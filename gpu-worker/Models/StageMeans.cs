using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>
/// A network's view of an image as a whole: the mean of each channel after each stage but the last, taken while it scores. The
/// last stage and the pooled features behind it keep what tells the classes apart and hardly more: by them a small network that
/// knows nothing but rendered pipes took a street for one (OpenCV's vtest.avi lay among the farthest 5 % of new pipes, by the
/// stages before it beyond all of them). Lee et al., "A Simple Unified Framework for Detecting Out-of-Distribution Samples",
/// 2018, section 2.2, look at all layers for the same reason.
/// </summary>
public sealed class StageMeans : IDisposable
{
    private readonly nn.Module<Tensor, Tensor> network;
    private readonly List<Tensor> means = [];
    private readonly List<Action> removals = [];

    private StageMeans(nn.Module<Tensor, Tensor> network, IStagedNetwork staged)
    {
        this.network = network;
        foreach (nn.Module<Tensor, Tensor> stage in staged.Stages.SkipLast(1))
        {
            var remover = stage.register_forward_hook((_, _, output) =>
            {
                // In float32: the mean of many halves is finer than a half. Not freed with the layers' own tensors.
                means.Add(output.mean(staged.PlaceDimensions, type: ScalarType.Float32).DetachFromDisposeScope());
                return output;
            });
            removals.Add(remover.remove);
        }
    }

    /// <summary>Listens to a network.</summary>
    /// <param name="network">The network; it stays the caller's.</param>
    /// <returns>The listener, to be disposed of; <see langword="null"/> for a network without stages.</returns>
    public static StageMeans? Of(nn.Module<Tensor, Tensor> network) =>
        network is IStagedNetwork { Stages.Count: > 1 } staged ? new StageMeans(network, staged) : null;

    /// <summary>Scores images: a call of the network, bit for bit.</summary>
    /// <param name="input">Normalised pixels <c>[N, 3, H, W]</c>, as the network takes them.</param>
    /// <returns>Means <c>[N, D]</c>, float32, of the D channels of all stages but the last, and logits <c>[N, classes]</c>.</returns>
    public (Tensor Means, Tensor Logits) Call(Tensor input)
    {
        try
        {
            Tensor logits = network.call(input);
            return (cat(means, 1), logits);
        }
        finally
        {
            means.ForEach(mean => mean.Dispose());
            means.Clear();
        }
    }

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        removals.ForEach(remove => remove());
        removals.Clear();
    }
}
