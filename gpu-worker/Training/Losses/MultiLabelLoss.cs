using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Losses;

/// <summary>A loss of samples that may be of several classes or of none.</summary>
public abstract class MultiLabelLoss
{
    /// <summary>The loss that a recipe asks for.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <returns>The loss.</returns>
    public static MultiLabelLoss Of(TrainingRecipe recipe) => recipe.Loss == LossKind.Asymmetric
        ? new AsymmetricLoss(recipe.GammaNegative, recipe.GammaPositive, recipe.ProbabilityMargin)
        : new BinaryCrossEntropy(recipe.LabelSmoothing);

    /// <summary>Computes the loss.</summary>
    /// <param name="logits"><c>[N, classes]</c>.</param>
    /// <param name="targets">0 or 1, of the same shape and type.</param>
    /// <returns>The sum over all samples and classes, a scalar.</returns>
    public abstract Tensor Compute(Tensor logits, Tensor targets);
}
