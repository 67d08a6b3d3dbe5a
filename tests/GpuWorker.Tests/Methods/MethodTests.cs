using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training;
using CloudPipe.Methods;
using CloudPipe.Runs;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Methods;

[Collection(TorchCollection.Name)]
public sealed class MethodTests
{
    [Theory]
    [InlineData(FramePooling.Mean, 3, 0.5)]
    [InlineData(FramePooling.Max, 3, 0.9)]
    [InlineData(FramePooling.Median, 3, 0.4)]
    [InlineData(FramePooling.Mean, 4, 0.475)]
    [InlineData(FramePooling.Max, 4, 0.9)]
    [InlineData(FramePooling.Median, 4, 0.4)]
    public void Frames_become_their_video_class_by_class(FramePooling pooling, int frames, double expected)
    {
        using DisposeScope scope = NewDisposeScope();
        double[] first = [0.2, 0.9, 0.4, 0.4];
        Method method = MethodOf(new TrainingRecipe { Method = MethodKind.Frames, FramePooling = pooling }, frames);

        // The other class and the other video have the same numbers from back to front, less 0.1 and 0.05.
        double[] rows = [.. first.Take(frames).Zip(first.Take(frames).Reverse()).SelectMany(pair => new[] { pair.First, pair.Second - 0.1 })];
        Tensor pooled = method.Pool(tensor([.. rows, .. rows.Select(value => value - 0.05)], [2 * frames, 2]), count: 2);

        Assert.Equal([2, 2], pooled.shape);
        Assert.All(pooled.data<double>().Zip([expected, expected - 0.1, expected - 0.05, expected - 0.15]), pair => Assert.Equal(pair.Second, pair.First, 1e-12));
    }

    [Fact]
    public void A_median_of_an_even_number_lies_between_the_two_in_the_middle()
    {
        using DisposeScope scope = NewDisposeScope();
        Method method = MethodOf(new TrainingRecipe { Method = MethodKind.Frames, FramePooling = FramePooling.Median }, frames: 4);

        Assert.Equal(0.35, method.Pool(tensor([0.9, 0.2, 0.5, 0.1], [4, 1]), count: 1).item<double>(), 1e-12);
    }

    [Fact]
    public void Each_frame_is_an_image_and_has_the_video_s_labels()
    {
        using DisposeScope scope = NewDisposeScope();
        Method method = MethodOf(new TrainingRecipe { Method = MethodKind.Frames, Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] }, frames: 4);
        Tensor tiles = Numbered(videos: 2, frames: 4);

        Tensor images = method.Build(tiles, CPU);

        Assert.Equal([8, 3, 16, 16], images.shape);
        Assert.Equal([0f, 1, 2, 3, 10, 11, 12, 13], (images.select(1, 0).select(1, 0).select(1, 0) * 255).round().data<float>());
        Assert.Equal([1f, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1], method.Targets(tensor(new float[] { 1, 0, 0, 1 }, [2, 2]), rows: 8).data<float>());
    }

    [Fact]
    public void A_clip_s_frames_stand_in_order_of_time()
    {
        using DisposeScope scope = NewDisposeScope();
        Method method = MethodOf(new TrainingRecipe { Method = MethodKind.Clip, Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] }, frames: 4);

        Tensor clips = method.Build(Numbered(videos: 2, frames: 4), CPU);

        Assert.Equal([2, 3, 4, 16, 16], clips.shape);
        Assert.Equal([0f, 1, 2, 3, 10, 11, 12, 13], (clips.select(1, 2).select(2, 5).select(2, 7) * 255).round().data<float>());
        Assert.False(method.ShufflesTiles);
    }

    [Fact]
    public void A_feature_memory_s_clips_are_super_images_of_consecutive_frames()
    {
        using DisposeScope scope = NewDisposeScope();
        Method method = MethodOf(new TrainingRecipe { Method = MethodKind.FeatureMemory, Mean = [0, 0, 0], StandardDeviation = [1, 1, 1] }, frames: 8);

        Tensor clips = method.Build(Numbered(videos: 2, frames: 8), CPU);

        Assert.Equal([2, 2, 3, 32, 32], clips.shape);
        Assert.Equal([0f, 1, 2, 3], Corners(clips[0, 0]));
        Assert.Equal([14f, 15, 16, 17], Corners(clips[1, 1]));
    }

    [Fact]
    public void Some_frames_of_each_clip_are_drawn_anew_in_each_epoch()
    {
        Method method = MethodOf(new TrainingRecipe { Method = MethodKind.Frames, FramesPerSample = 5 }, frames: 8);
        int[] clips = [.. Enumerable.Range(0, 60)];

        IReadOnlyList<int[]> drawn = method.DrawFrames(clips, new CounterRandom(1))!;

        Assert.All(drawn, frames => Assert.Equal(5, frames.Distinct().Count()));
        Assert.All(drawn, frames => Assert.Equal(frames.Order(), frames));
        Assert.All(Enumerable.Range(0, 8), frame => Assert.InRange(drawn.Count(frames => frames.Contains(frame)), 20, 55)); // of 60 · 5/8 = 37.5, deviation 3.75
        Assert.NotEqual(drawn.SelectMany(frames => frames), method.DrawFrames(clips, new CounterRandom(2))!.SelectMany(frames => frames));
        Assert.Equal(drawn[7], method.DrawFrames([7], new CounterRandom(1))![0]);
    }

    [Fact]
    public void A_feature_memory_draws_whole_clips()
    {
        var method = (FeatureMemoryMethod)MethodOf(new TrainingRecipe { Method = MethodKind.FeatureMemory, ClipsPerSample = 2 }, frames: 16);

        IReadOnlyList<int[]> drawn = method.DrawFrames([.. Enumerable.Range(0, 60)], new CounterRandom(1))!;

        Assert.All(drawn, frames => Assert.Equal(8, frames.Length));
        Assert.All(drawn, frames => Assert.Equal(frames, method.PlacesOf(frames).SelectMany(place => Enumerable.Range(4 * place, 4))));
        Assert.Equal(6, drawn.Select(frames => string.Join(' ', method.PlacesOf(frames))).Distinct().Count()); // two of four
    }

    [Theory]
    [InlineData(MethodKind.Clip, "convnext_atto", "The architecture 'convnext_atto' looks at images")]
    [InlineData(MethodKind.Frames, TinyClipNetwork.Name, "The architecture 'tiny_clip' looks at clips: train it with the method clip")]
    [InlineData(MethodKind.SuperImage, TinyClipNetwork.Name, "The architecture 'tiny_clip' looks at clips: train it with the method clip")]
    [InlineData(MethodKind.FeatureMemory, TinyClipNetwork.Name, "The architecture 'tiny_clip' looks at clips: train it with the method clip")]
    [InlineData(MethodKind.FeatureMemory, "resnet18+ml_decoder", "name 'resnet18'")]
    public void A_network_that_the_method_cannot_use_is_refused_by_name(MethodKind kind, string architecture, string reason)
    {
        Method method = MethodOf(new TrainingRecipe { Method = kind }, frames: 8);
        long before = LiveTensors.CountSettled();

        var exception = Assert.Throws<MethodException>(() => method.CreateNetwork(MethodClips.CreateNetwork, architecture, new ModelOptions(2)));

        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Theory]
    [InlineData(MethodKind.SuperImage, 32)]
    [InlineData(MethodKind.Frames, 16)]
    [InlineData(MethodKind.Clip, 16)]
    [InlineData(MethodKind.FeatureMemory, 32)]
    public void Networks_are_built_for_the_size_of_the_images_that_they_see(MethodKind kind, int side)
    {
        ModelOptions? asked = null;
        Method method = MethodOf(new TrainingRecipe { Method = kind }, frames: 8);

        using nn.Module<Tensor, Tensor> network = method.CreateNetwork(
            (_, options) =>
            {
                asked = options;
                return kind == MethodKind.Clip ? new TinyClipNetwork(options) : new TinyNetwork(options);
            },
            "any",
            new ModelOptions(2));

        Assert.Equal(new ImageSize(side, side), asked!.InputSize);
    }

    [Fact]
    public void A_data_set_that_lacks_what_the_method_needs_is_refused()
    {
        Assert.Contains("a multiple of 4", Assert.Throws<TrainingException>(() => MethodOf(new TrainingRecipe { Method = MethodKind.FeatureMemory }, frames: 4)).Message, StringComparison.Ordinal);
        Assert.Contains("clipsPerSample is 3", Assert.Throws<TrainingException>(() => MethodOf(new TrainingRecipe { Method = MethodKind.FeatureMemory, ClipsPerSample = 3 }, frames: 8)).Message, StringComparison.Ordinal);
        Assert.Contains("framesPerSample is 5", Assert.Throws<TrainingException>(() => MethodOf(new TrainingRecipe { Method = MethodKind.Frames, FramesPerSample = 5 }, frames: 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_feature_memory_s_network_is_an_encoder_without_classifier_and_a_head()
    {
        using DisposeScope scope = NewDisposeScope();
        Method method = MethodOf(new TrainingRecipe { Method = MethodKind.FeatureMemory, HeadLayers = 1, HeadAttentionHeads = 2, HeadWidth = 8 }, frames: 8);

        using nn.Module<Tensor, Tensor> network = method.CreateNetwork(ModelCatalog.Create, "resnet18", new ModelOptions(5));

        Dictionary<string, Tensor> state = network.state_dict();
        Assert.Contains("encoder.layer4.1.bn2.running_var", state.Keys);
        Assert.DoesNotContain(state.Keys, key => key.StartsWith("encoder.fc", StringComparison.Ordinal));
        Assert.All(state.Keys, key => Assert.True(key.StartsWith("encoder.", StringComparison.Ordinal) || key.StartsWith("head.", StringComparison.Ordinal), key));
        Assert.Equal([1, 2, 8], state["head.pos_embed"].shape);
        Assert.Equal([8, 512], state["head.embed.weight"].shape);
        Assert.Equal([5, 8], state["head.fc.weight"].shape);
    }

    private static Method MethodOf(TrainingRecipe recipe, int frames) =>
        Method.Of(recipe, new TileDatasetHeader("", frames == 3 ? 1 : MethodClips.Grid, MethodClips.TileSize, [], frames));

    // Every pixel of a frame has the frame's number, and 10 more for each video.
    private static Tensor Numbered(int videos, int frames) =>
        (arange(frames).reshape(1, frames) + (10 * arange(videos).reshape(videos, 1)))
            .to_type(ScalarType.Byte).reshape(videos, frames, 1, 1, 1).expand(videos, frames, 16, 16, 3).contiguous();

    private static float[] Corners(Tensor image) => [.. new[] { (0, 0), (0, 31), (31, 0), (31, 31) }.Select(place => MathF.Round(image[0, place.Item1, place.Item2].item<float>() * 255))];
}
