using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Losses;

/// <summary>
/// The asymmetric loss for multi-label classification: easy negatives count less than positives, and very easy ones not at
/// all. Ridnik et al., Asymmetric Loss For Multi-Label Classification, ICCV 2021, https://arxiv.org/abs/2009.14119, equations
/// 4 to 7; reference implementation https://github.com/Alibaba-MIIL/ASL, <c>src/loss_functions/losses.py</c>.
/// </summary>
/// <param name="gammaNegative">Focusing of negatives.</param>
/// <param name="gammaPositive">Focusing of positives.</param>
/// <param name="margin">Shifts the probability of negatives: those below it do not count.</param>
/// <param name="focusingHasGradient">Whether gradients also flow through the focusing weight; the reference's default is that they do not.</param>
public sealed class AsymmetricLoss(double gammaNegative = 4, double gammaPositive = 1, double margin = 0.05, bool focusingHasGradient = false) : MultiLabelLoss
{
    // Keeps the logarithm finite: the reference's eps.
    private const double Smallest = 1e-8;

    /// <inheritdoc />
    public override Tensor Compute(Tensor logits, Tensor targets)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor positive = logits.sigmoid();
        Tensor negative = 1 - positive;
        if (margin > 0)
            negative = (negative + margin).clamp(max: 1);

        Tensor complement = 1 - targets;
        Tensor logLikelihood = (targets * positive.clamp(min: Smallest).log()) + (complement * negative.clamp(min: Smallest).log());
        if (gammaNegative > 0 || gammaPositive > 0)
            logLikelihood *= Focusing(positive, negative, targets, complement);

        return logLikelihood.sum().neg().MoveToOuterDisposeScope();
    }

    // (1 - p_t) ^ gamma, where p_t is the probability of what is true.
    private Tensor Focusing(Tensor positive, Tensor negative, Tensor targets, Tensor complement)
    {
        using var gradients = set_grad_enabled(focusingHasGradient);
        Tensor probabilityOfTruth = (positive * targets) + (negative * complement);
        Tensor gamma = (gammaPositive * targets) + (gammaNegative * complement);
        return pow(1 - probabilityOfTruth, gamma);
    }
}
