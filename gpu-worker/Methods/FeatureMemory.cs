using CloudPipe.GpuWorker.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Methods;

/// <summary>
/// The features of every clip of the videos that a fold learns from. A step encodes a few clips of a video, with gradients,
/// reads the features of its others here, and leaves the new ones: they are as old as the epoch in which their clip was last
/// drawn. The idea of memory banks (Wu et al., CVPR 2018, https://arxiv.org/abs/1805.01978), within a video.
/// </summary>
internal sealed class FeatureMemory : IDisposable
{
    private const string StateKey = "features";

    private readonly FeatureMemoryMethod method;
    private readonly Dictionary<int, int> rows;

    // [videos, k, D], float32: on the CPU, where there is more room.
    private readonly Tensor memory;

    /// <param name="method">Whose network is trained.</param>
    /// <param name="network">The network.</param>
    /// <param name="videos">Those that are learnt from, as indices into the dataset.</param>
    public FeatureMemory(FeatureMemoryMethod method, FeatureMemoryNetwork network, IReadOnlyList<int> videos)
    {
        this.method = method;
        rows = videos.Select((video, row) => (video, row)).ToDictionary(pair => pair.video, pair => pair.row);
        (int clips, int features) = network.FeatureShape;
        memory = zeros(videos.Count, clips, features).DetachFromDisposeScope();
    }

    /// <summary>What a checkpoint holds; the very tensors.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> State => [KeyValuePair.Create(StateKey, memory)];

    /// <summary>Encodes all clips of videos, as they are, and remembers their features.</summary>
    /// <param name="network">In evaluation mode.</param>
    /// <param name="videos">The videos.</param>
    /// <param name="clips">Their clips' super-images, <c>[N, k, 3, H, W]</c>.</param>
    public void Fill(FeatureMemoryNetwork network, IReadOnlyList<int> videos, Tensor clips)
    {
        using var noGrad = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor features = network.Encode(clips).to_type(ScalarType.Float32).cpu();
        for (int i = 0; i < videos.Count; i++)
            memory[rows[videos[i]]].copy_(features[i]);
    }

    /// <summary>Scores videos by some of their clips and by what is remembered of the others; then remembers the new features.</summary>
    /// <param name="network">In training mode.</param>
    /// <param name="videos">The videos.</param>
    /// <param name="frames">The frames that were drawn of each: <see cref="Method.DrawFrames"/>.</param>
    /// <param name="clips">Their super-images, <c>[N, drawn, 3, H, W]</c>.</param>
    /// <returns>Logits <c>[N, classes]</c>.</returns>
    public Tensor Logits(FeatureMemoryNetwork network, IReadOnlyList<int> videos, IReadOnlyList<int[]> frames, Tensor clips)
    {
        using DisposeScope scope = NewDisposeScope();
        int[][] places = [.. frames.Select(method.PlacesOf)];
        Tensor drawn = network.Encode(clips); // [N, drawn, D]
        long[] rowOfVideo = [.. videos.Select(video => rows[video])];
        long[] placeOfDrawn = [.. places.SelectMany(each => each)];
        Tensor remembered = memory.index_select(0, tensor(rowOfVideo)).to(drawn.device).to_type(drawn.dtype); // [N, k, D]
        Tensor index = tensor(placeOfDrawn).reshape(drawn.shape[0], drawn.shape[1], 1).to(drawn.device).expand_as(drawn);
        Tensor logits = network.Classify(remembered.scatter(1, index, drawn));
        Remember(videos, places, drawn);
        return logits.MoveToOuterDisposeScope();
    }

    public void Dispose() => memory.Dispose();

    private void Remember(IReadOnlyList<int> videos, int[][] places, Tensor drawn)
    {
        using var noGrad = no_grad();
        Tensor features = drawn.detach().to_type(ScalarType.Float32).cpu();
        for (int i = 0; i < videos.Count; i++)
        {
            for (int j = 0; j < places[i].Length; j++)
                memory[rows[videos[i]], places[i][j]].copy_(features[i, j]);
        }
    }
}
