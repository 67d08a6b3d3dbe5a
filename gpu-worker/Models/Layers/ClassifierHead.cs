using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>Average pool, then layer norm, then a linear layer: timm's order (its <c>NormMlpClassifierHead</c>).</summary>
internal sealed class ClassifierHead : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm2d norm;
    private readonly nn.Module<Tensor, Tensor> fc;

    public ClassifierHead(int width, int classCount)
        : base(nameof(ClassifierHead))
    {
        norm = new LayerNorm2d(width);
        fc = LinearClassifier.Create(width, classCount);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pooled = nn.functional.adaptive_avg_pool2d(input, 1); // [N, C, 1, 1]
        return fc.call(norm.call(pooled).flatten(1)).MoveToOuterDisposeScope();
    }
}
