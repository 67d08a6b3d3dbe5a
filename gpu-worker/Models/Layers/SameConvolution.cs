using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>A convolution without bias whose output has ceil(size / stride) pixels, by one of two paddings.</summary>
internal sealed class SameConvolution : nn.Module<Tensor, Tensor>
{
    private readonly bool tensorFlowPadding;
    private readonly long stride;
    private readonly long groups;
    private readonly Parameter weight;

    /// <param name="inputWidth">Channels in.</param>
    /// <param name="outputWidth">Channels out.</param>
    /// <param name="kernelSize">Pixels, odd.</param>
    /// <param name="tensorFlowPadding">Whether zeros are placed as TensorFlow does, or half a kernel of them on every side, as PyTorch's networks have it.</param>
    /// <param name="stride">Pixels.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    public SameConvolution(int inputWidth, int outputWidth, int kernelSize, bool tensorFlowPadding, int stride = 1, int groups = 1)
        : base(nameof(SameConvolution))
    {
        this.tensorFlowPadding = tensorFlowPadding;
        this.stride = stride;
        this.groups = groups;
        weight = new Parameter(empty(outputWidth, inputWidth / groups, kernelSize, kernelSize));
        RegisterComponents();
    }

    public Parameter WeightParameter => weight;

    public long Groups => groups;

    public override Tensor forward(Tensor input) => Convolve(input, weight, null);

    /// <summary>Convolves with this layer's stride and padding, but another kernel.</summary>
    public Tensor Convolve(Tensor input, Tensor kernel, Tensor? bias)
    {
        if (tensorFlowPadding)
            return SamePadding.Convolve(input, kernel, bias, stride, groups);

        long padding = kernel.shape[^1] / 2;
        return nn.functional.conv2d(input, kernel, bias, [stride, stride], [padding, padding], groups: groups);
    }
}
