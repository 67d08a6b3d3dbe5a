using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>A query a class or group of classes, <c>[queries, width]</c>; never trained (ML-Decoder, section 2.3).</summary>
internal sealed class ClassQueries : nn.Module
{
    private readonly Parameter weight;

    public ClassQueries(int count, int width)
        : base(nameof(ClassQueries))
    {
        weight = new Parameter(empty(count, width), requires_grad: false);
        RegisterComponents();
    }

    public Parameter WeightParameter => weight;
}
