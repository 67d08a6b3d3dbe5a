using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>Average pool, then layer norm, then a linear layer: timm's order (its <c>NormMlpClassifierHead</c>).</summary>
internal sealed class ClassifierHead : nn.Module<Tensor, Tensor>, IFeatureHead
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
        return fc.call(Pool(input)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (Tensor Features, Tensor Logits) CallWithFeatures(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = Pool(input);
        return scope.MoveToOuter(features, fc.call(features));
    }

    private Tensor Pool(Tensor input) => norm.call(nn.functional.adaptive_avg_pool2d(input, 1)).flatten(1); // [N, C, 1, 1] to [N, C]
}
