using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models;

/// <summary>One token of four neighbours, section 3.1 of the paper: <c>[N, H, W, C]</c> to <c>[N, ⌈H/2⌉, ⌈W/2⌉, out]</c>.</summary>
internal sealed class PatchMerging : nn.Module<Tensor, Tensor>
{
    private readonly LayerNorm norm;
    private readonly PointwiseConvolution reduction;

    public PatchMerging(int inputWidth, int outputWidth)
        : base(nameof(PatchMerging))
    {
        norm = nn.LayerNorm(4 * inputWidth);
        reduction = new PointwiseConvolution(4 * inputWidth, outputWidth, fourDimensional: false, hasBias: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long height, long width, long channels) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        Tensor even = height % 2 == 0 && width % 2 == 0 ? input : nn.functional.pad(input, [0, 0, 0, width % 2, 0, height % 2]);
        Tensor merged = even
            .reshape(batch, (height + 1) / 2, 2, (width + 1) / 2, 2, channels)
            .permute(0, 1, 3, 4, 2, 5)
            .flatten(3); // [N, H/2, W/2, 4C], neighbours in the order (0, 0), (1, 0), (0, 1), (1, 1) of (row, column)
        return reduction.call(norm.call(merged).permute(0, 3, 1, 2)).permute(0, 2, 3, 1).MoveToOuterDisposeScope();
    }
}
