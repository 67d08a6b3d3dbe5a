using CloudPipe.Ensembling;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Methods;
using CloudPipe.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Methods;

/// <summary>
/// What a network sees of a video, and how its answers become the video's. Training, evaluation and the scoring of inspections
/// all go through here: what is measured is what scores.
/// </summary>
/// <param name="input">What the method has to work with.</param>
internal abstract class Method(MethodInput input)
{
    /// <summary>A clip's random numbers for what the method draws; what is 0 and more varies its tiles.</summary>
    protected const long DrawPlace = -1;

    /// <summary>How many tiles of a video it sees.</summary>
    public int TileCount => SeesAllFrames ? input.Frames : input.TileCount;

    /// <summary>Whether tiles may stand in another order than time's.</summary>
    public virtual bool ShufflesTiles => false;

    /// <summary>What the method has to work with.</summary>
    protected MethodInput Input => input;

    /// <summary>Whether a video's tiles are all its frames, <c>[F, tile, tile, 3]</c>, and not the grid² of a super-image.</summary>
    protected virtual bool SeesAllFrames => true;

    /// <summary>Width and height of the images that the network sees, in pixels.</summary>
    protected virtual int ImageSide => input.TileSize;

    /// <summary>Whether the network takes clips and not images.</summary>
    protected virtual bool TakesClips => false;

    /// <summary>The method of a release's member.</summary>
    public static Method Of(Release release, Member member) =>
        Of(member.Method, new MethodInput(release.Grid, member.TileSize, release.FrameCount, release.Mean, release.StandardDeviation));

    /// <summary>The method of a recipe.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dataset">What it is trained or measured on.</param>
    /// <exception cref="TrainingException">The data set lacks what the method needs.</exception>
    public static Method Of(TrainingRecipe recipe, TileDatasetHeader dataset)
    {
        string[] faults = [.. recipe.FaultsFor(dataset.Grid, dataset.StoredTiles)];
        return faults.Length == 0
            ? Of(recipe.MemberMethod(), new MethodInput(dataset.Grid, dataset.TileSize, dataset.StoredTiles, recipe.Mean, recipe.StandardDeviation), recipe)
            : throw new TrainingException(string.Join(" ", faults));
    }

    /// <summary>Builds a network that the method can use, on the CPU and in training mode.</summary>
    /// <param name="networks">Builds the architecture.</param>
    /// <param name="architecture">By its name.</param>
    /// <param name="options">What the caller decides; the method decides on the size of images.</param>
    /// <returns>The network; dispose it.</returns>
    /// <exception cref="MethodException">The architecture and the method do not go together.</exception>
    /// <exception cref="UnknownArchitectureException">There is none of that name.</exception>
    public virtual nn.Module<Tensor, Tensor> CreateNetwork(NetworkFactory networks, string architecture, ModelOptions options)
    {
        nn.Module<Tensor, Tensor> network = networks(architecture, options with { InputSize = new(ImageSide, ImageSide) });
        if (network is IClipNetwork == TakesClips)
            return network;

        network.Dispose();
        throw new MethodException(TakesClips
            ? $"The architecture '{architecture}' looks at images, and the method clip shows clips. Choose a network that takes clips, or another method."
            : $"The architecture '{architecture}' looks at clips: train it with the method clip, or choose a network that takes images.");
    }

    /// <summary>The stored frames that are scored, of each clip; <see langword="null"/> for those of a super-image.</summary>
    /// <param name="count">How many clips.</param>
    public IReadOnlyList<int[]>? ScoredFrames(int count) => SeesAllFrames ? [.. Enumerable.Repeat<int[]>([.. Enumerable.Range(0, input.Frames)], count)] : null;

    /// <summary>The frames that a step learns from, of each clip, ascending; <see langword="null"/> for those of a super-image.</summary>
    /// <param name="clips">The clips.</param>
    /// <param name="random">Of the epoch.</param>
    public virtual IReadOnlyList<int[]>? DrawFrames(ReadOnlySpan<int> clips, CounterRandom random) => ScoredFrames(clips.Length);

    /// <summary>Makes what the network takes.</summary>
    /// <param name="tiles">Bytes <c>[N, frames, tile, tile, 3]</c>: those that are scored, or those that were drawn.</param>
    /// <param name="device">Where.</param>
    /// <returns>Normalised pixels, float32.</returns>
    public abstract Tensor Build(Tensor tiles, Device device);

    /// <summary>The labels <c>[N, classes]</c> of what the network gives logits for.</summary>
    /// <param name="targets">The videos' labels.</param>
    /// <param name="rows">How many rows of logits there are.</param>
    public virtual Tensor Targets(Tensor targets, long rows) => targets;

    /// <summary>Calls the network with what is scored.</summary>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="images">Of <see cref="Build"/>, in the network's precision.</param>
    /// <returns>Logits <c>[rows, classes]</c>, as many rows a video.</returns>
    public virtual Tensor Logits(nn.Module<Tensor, Tensor> network, Tensor images) => network.call(images);

    /// <summary>Makes the videos' probabilities <c>[N, classes]</c> of the rows'.</summary>
    /// <param name="probabilities"><c>[rows, classes]</c>, 0..1.</param>
    /// <param name="count">How many videos: N.</param>
    public virtual Tensor Pool(Tensor probabilities, int count) => probabilities;

    private static Method Of(MemberMethod? method, MethodInput input, TrainingRecipe? recipe = null) => method?.Kind switch
    {
        null or MethodKind.SuperImage => new SuperImageMethod(input),
        MethodKind.Frames => new FramesMethod(input, method.FramePooling, recipe?.FramesPerSample ?? 0),
        MethodKind.Clip => new ClipMethod(input),
        _ => new FeatureMemoryMethod(input, method.Head!, recipe?.ClipsPerSample ?? 0),
    };
}
