using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Losses;

/// <summary>The cross-entropy of each class by itself.</summary>
/// <param name="smoothing">Moves targets from 0 and 1 towards one half, 0..1: 1 becomes 1 - smoothing / 2, 0 becomes smoothing / 2 (Szegedy et al. 2016, https://arxiv.org/abs/1512.00567, section 7, for two outcomes).</param>
public sealed class BinaryCrossEntropy(double smoothing = 0) : MultiLabelLoss
{
    /// <inheritdoc />
    public override Tensor Compute(Tensor logits, Tensor targets)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor smoothed = smoothing == 0 ? targets : (targets * (1 - smoothing)) + (smoothing / 2);
        return nn.functional.binary_cross_entropy_with_logits(logits, smoothed, reduction: nn.Reduction.Sum).MoveToOuterDisposeScope();
    }
}
