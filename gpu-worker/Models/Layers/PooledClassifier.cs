using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>Average pool, then a linear layer: timm's <c>ClassifierHead</c>.</summary>
internal sealed class PooledClassifier : nn.Module<Tensor, Tensor>, IFeatureHead
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
        return fc.call(Pool(input)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public (Tensor Features, Tensor Logits) CallWithFeatures(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor features = Pool(input);
        return scope.MoveToOuter(features, fc.call(features));
    }

    private static Tensor Pool(Tensor input) => nn.functional.adaptive_avg_pool2d(input, 1).flatten(1); // [N, C, 1, 1] to [N, C]
}
