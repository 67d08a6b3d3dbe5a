using CloudPipe.GpuWorker.SuperImages;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Methods;

/// <summary>The frames side by side in one image, which is labelled like the video.</summary>
internal sealed class SuperImageMethod(MethodInput input) : Method(input)
{
    private readonly SuperImageBuilder superImages = new(input.Grid, input.TileSize, input.Mean, input.StandardDeviation);

    public override bool ShufflesTiles => true;

    protected override bool SeesAllFrames => false;

    protected override int ImageSide => Input.SuperImageSide;

    public override Tensor Build(Tensor tiles, Device device) => superImages.Build(tiles, device); // [N, 3, grid·tile, grid·tile]
}
