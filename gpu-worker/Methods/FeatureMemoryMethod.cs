using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.SuperImages;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Methods;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Methods;

/// <summary>
/// A video's frames are k clips of grid² frames each; an encoder makes a feature of each clip's super-image, and a transformer
/// reads the k features. In training few clips are encoded at a time, and <see cref="FeatureMemory"/> holds the others' features.
/// </summary>
/// <param name="input">What there is to work with.</param>
/// <param name="headSize">The transformer's size.</param>
/// <param name="clipsPerSample">How many clips of a video a step encodes; unused where nothing is trained.</param>
internal sealed class FeatureMemoryMethod(MethodInput input, FeatureHead headSize, int clipsPerSample) : Method(input)
{
    private readonly SuperImageBuilder superImages = new(input.Grid, input.TileSize, input.Mean, input.StandardDeviation);

    public override bool ShufflesTiles => true;

    /// <summary>How many clips a video has: k.</summary>
    public int ClipCount => Input.Frames / Input.TileCount;

    protected override int ImageSide => Input.SuperImageSide;

    public override nn.Module<Tensor, Tensor> CreateNetwork(NetworkFactory networks, string architecture, ModelOptions options)
    {
        if (architecture.EndsWith(ModelCatalog.MlDecoderSuffix, StringComparison.Ordinal))
            throw new MethodException($"The architecture '{architecture}' has a decoder in place of pooled features, which the method featureMemory remembers: name '{architecture[..^ModelCatalog.MlDecoderSuffix.Length]}'.");

        nn.Module<Tensor, Tensor> encoder = base.CreateNetwork(networks, architecture, options with { ClassCount = 0 });
        if (encoder is IFeatureNetwork { FeatureCount: int featureCount })
            return new FeatureMemoryNetwork(encoder, new FeatureMemoryHead(headSize, ClipCount, featureCount, options.ClassCount, options.DrawWeights));

        encoder.Dispose();
        throw new MethodException($"The architecture '{architecture}' gives no pooled features, which the method featureMemory remembers. Choose another network, or another method.");
    }

    public override IReadOnlyList<int[]>? DrawFrames(ReadOnlySpan<int> clips, CounterRandom random)
    {
        var drawn = new List<int[]>();
        foreach (int clip in clips)
        {
            IEnumerable<int> places = random.At(clip).At(DrawPlace).Permutation(ClipCount).Take(clipsPerSample).Order();
            drawn.Add([.. places.SelectMany(place => Enumerable.Range(place * Input.TileCount, Input.TileCount))]);
        }

        return drawn;
    }

    /// <summary>Which of a video's clips the drawn frames are, from 0.</summary>
    /// <param name="frames">Of <see cref="DrawFrames"/>, one video's.</param>
    public int[] PlacesOf(int[] frames) => [.. frames.Where(frame => frame % Input.TileCount == 0).Select(frame => frame / Input.TileCount)];

    public override Tensor Build(Tensor tiles, Device device)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] shape = tiles.shape;
        Tensor clips = superImages.Build(tiles.reshape(-1, Input.TileCount, shape[2], shape[3], 3), device); // [N·clips, 3, side, side]
        return clips.reshape(shape[0], -1, 3, superImages.Size, superImages.Size).MoveToOuterDisposeScope(); // [N, clips, 3, side, side]
    }
}
