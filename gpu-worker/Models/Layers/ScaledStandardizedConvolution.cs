using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>
/// A convolution that standardises its weight: each output channel's has mean 0 and the variance 1 / fan-in, times a
/// learnt gain, so that signals keep their variance without a norm layer. TensorFlow's SAME padding.
/// Brock, De, Smith: Characterizing signal propagation to close the performance gap in unnormalized ResNets, ICLR 2021,
/// section 4.1, https://arxiv.org/abs/2101.08692.
/// <para>
/// The standardised weight is computed at each pass: TorchSharp shows no tensor's version, so that a kept one could
/// outlive a change of the weight it came from (ModelEma changes those of a network that scores).
/// </para>
/// </summary>
internal sealed class ScaledStandardizedConvolution : nn.Module<Tensor, Tensor>
{
    // timm's and DeepMind's own.
    private const double Epsilon = 1e-5;

    private readonly long stride;
    private readonly long groups;
    private readonly Parameter weight;
    private readonly Parameter bias;
    private readonly Parameter gain;

    public ScaledStandardizedConvolution(int inputWidth, int outputWidth, int kernelSize, int stride = 1, int groups = 1)
        : base(nameof(ScaledStandardizedConvolution))
    {
        this.stride = stride;
        this.groups = groups;
        weight = new Parameter(empty(outputWidth, inputWidth / groups, kernelSize, kernelSize));
        bias = new Parameter(zeros(outputWidth));
        gain = new Parameter(ones(outputWidth, 1, 1, 1));
        RegisterComponents();
    }

    public Parameter WeightParameter => weight;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return SamePadding.Convolve(input, StandardizedWeight(), bias, stride, groups).MoveToOuterDisposeScope();
    }

    private Tensor StandardizedWeight()
    {
        long[] shape = weight.shape;
        Tensor rows = weight.flatten(1); // [out, fan-in]
        double fanIn = rows.shape[1];
        Tensor scale = gain.flatten(1).mul(1 / Math.Sqrt(fanIn)); // [out, 1]
        if (training || is_grad_enabled())
        {
            // In training always, so that a pass without gradients (see RecomputedBlock) gives the very same numbers.
            // A batch norm of one sample whose channels are the rows keeps nothing for the gradient but the weight itself.
            return nn.functional.batch_norm(rows.unsqueeze(0), null, null, scale.flatten(), null, training: true, momentum: 0, Epsilon).reshape(shape);
        }

        // The same in half the time: libtorch's batch norm adds up one number after the other (1.9 ns a weight on one core
        // against 0.9 ns).
        Tensor centered = rows.sub(rows.mean([1], keepdim: true));
        Tensor variance = centered.norm(1, keepdim: true).square().div_(fanIn);
        return centered.mul_(variance.add_(Epsilon).rsqrt_().mul_(scale)).reshape(shape);
    }
}
