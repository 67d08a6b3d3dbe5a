using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>Average pool, then a linear layer: timm's <c>ClassifierHead</c>.</summary>
internal sealed class PooledClassifier : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> fc;

    public PooledClassifier(int width, int classCount)
        : base(nameof(PooledClassifier))
    {
        fc = LinearClassifier.Create(width, classCount);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return fc.call(nn.functional.adaptive_avg_pool2d(input, 1).flatten(1)).MoveToOuterDisposeScope(); // [N, C, 1, 1] to [N, C]
    }
}
