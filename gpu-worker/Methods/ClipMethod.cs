using CloudPipe.GpuWorker.SuperImages;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Methods;

/// <summary>The frames one after another in time, by a network that looks at clips.</summary>
internal sealed class ClipMethod(MethodInput input) : Method(input)
{
    private readonly SuperImageBuilder frames = new(grid: 1, input.TileSize, input.Mean, input.StandardDeviation);

    protected override bool TakesClips => true;

    public override Tensor Build(Tensor tiles, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] shape = tiles.shape;
        return frames.Build(tiles.flatten(0, 1).unsqueeze(1), device) // [N·F, 3, tile, tile]
            .reshape(shape[0], shape[1], 3, Input.TileSize, Input.TileSize)
            .transpose(1, 2).contiguous().MoveToOuterDisposeScope(); // [N, 3, F, tile, tile]
    }
}
