using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>y = x + attention(norm1(x)); y + mlp(norm2(y)), equation 3 of the paper; <c>[N, H, W, C]</c>.</summary>
internal sealed class SwinBlock : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly ShiftedWindowAttention attn;
    private readonly LayerNorm norm2;
    private readonly PointwiseMlp mlp;
    private readonly DropPath dropPath;

    public SwinBlock(int width, TokenSize window, TokenSize shift, bool padsBeforeShift, double dropPathRate)
        : base(nameof(SwinBlock))
    {
        norm1 = nn.LayerNorm(width);
        attn = new ShiftedWindowAttention(width, window, shift, padsBeforeShift);
        norm2 = nn.LayerNorm(width);
        mlp = new PointwiseMlp(width, 4 * width, fourDimensional: false);
        dropPath = new DropPath(dropPathRate);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = Add(input, attn.call(norm1.call(input)));
        Tensor refined = mlp.call(norm2.call(attended).permute(0, 3, 1, 2)).permute(0, 2, 3, 1); // [N, C, H, W] by strides alone
        return Add(attended, refined).MoveToOuterDisposeScope();
    }

    // A branch is memory of its own; in scoring the sum takes its place.
    private Tensor Add(Tensor input, Tensor branch)
    {
        Tensor kept = dropPath.call(branch);
        return training || kept.requires_grad ? kept.add(input) : kept.add_(input);
    }
}
