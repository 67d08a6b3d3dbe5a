using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>A token for each patch of pixels: <c>[N, 3, H, W]</c> to <c>[N, H/patch, W/patch, C]</c>.</summary>
internal sealed class SwinPatchEmbedding : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d proj;
    private readonly LayerNorm norm;

    public SwinPatchEmbedding(int patchSize, int width)
        : base(nameof(SwinPatchEmbedding))
    {
        proj = nn.Conv2d(3, width, kernel_size: patchSize, stride: patchSize);
        norm = nn.LayerNorm(width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        return norm.call(proj.call(input).permute(0, 2, 3, 1)).MoveToOuterDisposeScope(); // [N, H, W, C]
    }
}
