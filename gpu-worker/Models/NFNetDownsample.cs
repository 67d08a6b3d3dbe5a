using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>A block's shortcut where width or resolution change: average pool, then a 1×1 convolution.</summary>
internal sealed class NFNetDownsample : nn.Module<Tensor, Tensor>
{
    private readonly int stride;
    private readonly ScaledStandardizedConvolution conv;

    public NFNetDownsample(int inputWidth, int width, int stride)
        : base(nameof(NFNetDownsample))
    {
        this.stride = stride;
        conv = new ScaledStandardizedConvolution(inputWidth, width, kernelSize: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pooled = stride == 1 ? input : nn.functional.avg_pool2d(input, [stride, stride], ceil_mode: true, count_include_pad: false);
        return conv.call(pooled).MoveToOuterDisposeScope();
    }
}
