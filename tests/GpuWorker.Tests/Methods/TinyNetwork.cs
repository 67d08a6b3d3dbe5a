using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Methods;

/// <summary>A network of images that learns in seconds, with blocks that can be recomputed and counted.</summary>
internal sealed class TinyNetwork : nn.Module<Tensor, Tensor>, IFeatureNetwork
{
    public const string Name = "tiny";

    private readonly Conv2d conv1;
    private readonly BlockSequence blocks;
    private readonly nn.Module<Tensor, Tensor> fc;

    public TinyNetwork(ModelOptions options)
        : base(nameof(TinyNetwork))
    {
        conv1 = nn.Conv2d(3, 16, kernel_size: 3, stride: 2, padding: 1);
        blocks = new BlockSequence([nn.Conv2d(16, FeatureCount, kernel_size: 3, stride: 2, padding: 1), nn.ReLU()]);
        fc = LinearClassifier.Create(FeatureCount, options.ClassCount);
        RegisterComponents();
    }

    public int FeatureCount => 24;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return fc.call(blocks.call(conv1.call(input).relu()).mean([2, 3])).MoveToOuterDisposeScope();
    }
}
