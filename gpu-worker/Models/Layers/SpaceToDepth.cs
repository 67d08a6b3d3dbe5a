using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Models.Layers;

/// <summary>Turns each 4×4 square of pixels into one of 16 times the channels: <c>[N, C, H, W]</c> to <c>[N, 16·C, H/4, W/4]</c>.</summary>
internal sealed class SpaceToDepth() : nn.Module<Tensor, Tensor>(nameof(SpaceToDepth))
{
    private const int Side = 4;

    public override Tensor forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long channels, long height, long width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        return input.reshape(batch, channels, height / Side, Side, width / Side, Side)
            .permute(0, 3, 5, 1, 2, 4) // [N, dy, dx, C, H/4, W/4]
            .reshape(batch, channels * Side * Side, height / Side, width / Side)
            .MoveToOuterDisposeScope();
    }
}
