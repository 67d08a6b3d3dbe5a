using CloudPipe.GpuWorker.Weights;
using CloudPipe.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Training.Optimization;

/// <summary>Scales gradients down before a step.</summary>
internal sealed class GradientClipper
{
    // timm's and the authors' own: a unit whose weights are zero may still learn, and no division by zero.
    private const double LeastWeightNorm = 1e-3;
    private const double LeastGradientNorm = 1e-6;

    private const string NFNetPrefix = "dm_nfnet_";

    private readonly ClippingKind kind;
    private readonly double maxNorm;
    private readonly double factor;
    private readonly Parameter[] parameters;

    /// <param name="kind">How; not <see cref="ClippingKind.Automatic"/>.</param>
    /// <param name="maxNorm">Of all gradients together.</param>
    /// <param name="factor">A unit's gradient relative to its weights (the paper's lambda).</param>
    /// <param name="parameters">With their keys; the classifier is not clipped adaptively, as in the paper.</param>
    public GradientClipper(ClippingKind kind, double maxNorm, double factor, IEnumerable<KeyValuePair<string, Parameter>> parameters)
    {
        this.kind = kind;
        this.maxNorm = maxNorm;
        this.factor = factor;
        this.parameters = [.. parameters.Where(entry => kind != ClippingKind.Adaptive || !ClassifierKeys.Contains(entry.Key)).Select(entry => entry.Value)];
    }

    /// <summary>What <see cref="ClippingKind.Automatic"/> means for an architecture.</summary>
    public static ClippingKind Resolve(ClippingKind kind, string architecture) => kind != ClippingKind.Automatic ? kind
        : architecture.StartsWith(NFNetPrefix, StringComparison.Ordinal) ? ClippingKind.Adaptive : ClippingKind.Norm;

    public void Clip()
    {
        if (kind == ClippingKind.Norm)
            ClipNorm();
        else if (kind == ClippingKind.Adaptive)
            ClipAdaptively();
    }

    // As PyTorch's clip_grad_norm_, but each norm over one flat dimension: autograd leaves the strides of dimensions of length 1
    // to chance (a gradient it may keep, or must copy, as with RecomputedBlock), and they change the order of a sum.
    private void ClipNorm()
    {
        using var noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor[] gradients = [.. parameters.Select(parameter => parameter.grad).OfType<Tensor>()];
        double total = stack([.. gradients.Select(gradient => gradient.flatten().norm())]).norm().item<float>();
        double scale = maxNorm / (total + LeastGradientNorm);
        if (scale >= 1)
            return;

        foreach (Tensor gradient in gradients)
            gradient.mul_(scale);
    }

    // Brock et al. 2021, equation 3: a unit is an output channel, or the whole of what has one dimension.
    private void ClipAdaptively()
    {
        using var noGrad = no_grad();
        foreach (Parameter parameter in parameters)
        {
            using DisposeScope scope = NewDisposeScope();
            if (parameter.grad is not { } gradient)
                continue;

            Tensor allowed = UnitNorm(parameter).clamp_min(LeastWeightNorm).mul_(factor);
            Tensor norm = UnitNorm(gradient);
            Tensor scale = where(norm < allowed, ones_like(norm), allowed / norm.clamp_min(LeastGradientNorm));
            gradient.mul_(scale);
        }
    }

    // [out] to [out, 1, …]: each unit's beside its own.
    private static Tensor UnitNorm(Tensor tensor) => tensor.Dimensions < 2
        ? tensor.norm()
        : tensor.flatten(1).norm(1).reshape([tensor.shape[0], .. Enumerable.Repeat(1L, (int)tensor.Dimensions - 1)]);
}
