using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Methods;

/// <summary>Each frame by itself, labelled like the video; the frames' probabilities are pooled.</summary>
/// <param name="input">What there is to work with.</param>
/// <param name="pooling">How frames become the video.</param>
/// <param name="framesPerSample">How many frames of a video a step learns from; 0 for all.</param>
internal sealed class FramesMethod(MethodInput input, FramePooling pooling, int framesPerSample) : Method(input)
{
    // A frame is a super-image of one tile.
    private readonly SuperImageBuilder frames = new(grid: 1, input.TileSize, input.Mean, input.StandardDeviation);

    public override IReadOnlyList<int[]>? DrawFrames(ReadOnlySpan<int> clips, CounterRandom random)
    {
        if (framesPerSample == 0)
            return base.DrawFrames(clips, random);

        var drawn = new List<int[]>();
        foreach (int clip in clips)
            drawn.Add([.. random.At(clip).At(DrawPlace).Permutation(Input.Frames).Take(framesPerSample).Order()]);

        return drawn;
    }

    public override Tensor Build(Tensor tiles, Device device) => frames.Build(tiles.flatten(0, 1).unsqueeze(1), device); // [N·frames, 3, tile, tile]

    public override Tensor Targets(Tensor targets, long rows) => targets.repeat_interleave(rows / targets.shape[0], dim: 0);

    // As many pixels at a time as in a super-image, whatever the number of frames.
    public override Tensor Logits(nn.Module<Tensor, Tensor> network, Tensor images) => cat([.. images.split(Input.TileCount).Select(network.call)]);

    public override Tensor Pool(Tensor probabilities, int count)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor byFrame = probabilities.reshape(count, -1, probabilities.shape[1]); // [N, F, classes]
        Tensor pooled = pooling switch
        {
            FramePooling.Max => byFrame.amax(1L),
            FramePooling.Median => Median(byFrame),
            _ => byFrame.mean([1]),
        };
        return pooled.MoveToOuterDisposeScope();
    }

    // Not torch's median, which takes the lower of the two in the middle.
    private static Tensor Median(Tensor byFrame)
    {
        Tensor sorted = byFrame.sort(1).Values;
        long count = byFrame.shape[1];
        return (sorted.select(1, (count - 1) / 2) + sorted.select(1, count / 2)) / 2;
    }
}
