using CloudPipe.GpuWorker.Methods;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Training;
using CloudPipe.GpuWorker.Training.Optimization;
using CloudPipe.Methods;
using CloudPipe.Runs;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Methods;

[Collection(TorchCollection.Name)]
public sealed class FeatureMemoryTests : IDisposable
{
    private const int Clips = 3;

    // Videos 7 and 2 of a dataset: their rows are in that order.
    private static readonly int[] Videos = [7, 2];

    private readonly FeatureMemoryMethod method = (FeatureMemoryMethod)Method.Of(
        new TrainingRecipe { Method = MethodKind.FeatureMemory, HeadLayers = 1, HeadAttentionHeads = 2, HeadWidth = 16 },
        new TileDatasetHeader("", Grid: 2, TileSize: 16, [], Frames: 4 * Clips));

    private readonly FeatureMemoryNetwork network;
    private readonly FeatureMemory memory;

    public FeatureMemoryTests()
    {
        manual_seed(3);
        network = (FeatureMemoryNetwork)method.CreateNetwork(MethodClips.CreateNetwork, TinyNetwork.Name, new ModelOptions(2));
        memory = new FeatureMemory(method, network, Videos);
    }

    public void Dispose()
    {
        memory.Dispose();
        network.Dispose();
    }

    [Fact]
    public void A_step_reads_the_drawn_clips_anew_and_the_others_from_memory()
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor before = randn([2, Clips, 3, 32, 32]);
        Tensor now = randn([2, Clips, 3, 32, 32]);
        network.eval();
        memory.Fill(network, Videos, before);
        network.train();

        // Video 2 with its clip 1, then video 7 with its clip 2.
        Tensor logits = memory.Logits(network, [2, 7], [[4, 5, 6, 7], [8, 9, 10, 11]], stack([now[1, 1], now[0, 2]]).unsqueeze(1));

        Tensor seen = before.clone();
        seen[1, 1].copy_(now[1, 1]);
        seen[0, 2].copy_(now[0, 2]);
        Tensor expected = network.call(stack([seen[1], seen[0]]));
        Assert.True(logits.allclose(expected, rtol: 1e-4, atol: 1e-5));
        Assert.True(memory.State.Single().Value.allclose(network.Encode(seen), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Gradients_reach_the_encoder_through_the_drawn_clips_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        network.train();
        Tensor clips = randn([2, 2, 3, 32, 32]);
        Parameter stem = network.Encoder.parameters().First();

        memory.Logits(network, Videos, [[0, 1, 2, 3, 8, 9, 10, 11], [0, 1, 2, 3, 4, 5, 6, 7]], clips).sum().backward();
        Tensor gradient = stem.grad!.clone();

        // The same features in memory, without gradients: the other clips' are zero still.
        stem.grad = null;
        Tensor encoded = network.Encode(clips);
        Tensor zero = zeros(24);
        network.Classify(stack([stack([encoded[0, 0], zero, encoded[0, 1]]), stack([encoded[1, 0], encoded[1, 1], zero])])).sum().backward();
        Assert.True(gradient.abs().max().item<float>() > 0);
        Assert.True(gradient.allclose(stem.grad!, rtol: 1e-4, atol: 1e-6));
        Assert.False(memory.State.Single().Value.requires_grad);
    }

    [Fact]
    public void The_head_knows_the_order_of_the_clips()
    {
        using DisposeScope scope = NewDisposeScope();
        network.eval();
        Tensor clips = randn([1, Clips, 3, 32, 32]);

        Assert.False(network.call(clips).allclose(network.call(clips.flip(1)), rtol: 1e-5, atol: 1e-7));
    }

    [Fact]
    public void The_head_learns_at_the_full_rate_and_its_tokens_do_not_decay()
    {
        IReadOnlyList<ParameterGroup> groups = ParameterGroups.Of(network, weightDecay: 0.05, layerDecay: 0.8);

        Assert.Equal((1, 0.05), Of("head.blocks.0.linear1.weight"));
        Assert.Equal((1, 0), Of("head.pos_embed"));
        Assert.Equal((1, 0), Of("head.cls_token"));
        Assert.Equal(0.8 * 0.8, Of("encoder.conv1.weight").Scale, 1e-12); // one block lies between, as only the first has weights

        (double Scale, double Decay) Of(string key)
        {
            ParameterGroup group = groups.Single(each => each.Parameters.Any(entry => entry.Key == key));
            return (group.LearningRateScale, group.WeightDecay);
        }
    }

    [Fact]
    public void A_pass_leaves_no_tensor_behind()
    {
        using Tensor clips = randn([2, Clips, 3, 32, 32]);
        network.eval();
        long before = LiveTensors.CountSettled();

        using (no_grad())
        {
            memory.Fill(network, Videos, clips);
            network.call(clips).Dispose();
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}
