using CloudPipe.GpuWorker.Models;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Methods;

/// <summary>A network of clips that learns in seconds: it sees what changes from one frame to the next.</summary>
internal sealed class TinyClipNetwork : nn.Module<Tensor, Tensor>, IClipNetwork
{
    public const string Name = "tiny_clip";

    private readonly Conv3d conv1;
    private readonly Conv3d conv2;
    private readonly Linear fc;

    public TinyClipNetwork(ModelOptions options)
        : base(nameof(TinyClipNetwork))
    {
        conv1 = nn.Conv3d(3, 16, (2, 3, 3), (1, 2, 2), (0, 1, 1));
        conv2 = nn.Conv3d(16, 24, (1, 3, 3), (1, 2, 2), (0, 1, 1));
        fc = nn.Linear(24, options.ClassCount);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return fc.call(conv2.call(conv1.call(input).relu()).relu().mean([2, 3, 4])).MoveToOuterDisposeScope();
    }
}
