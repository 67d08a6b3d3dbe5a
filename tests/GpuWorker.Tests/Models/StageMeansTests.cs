using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class StageMeansTests
{
    // One network of each family, its stages but the last by their paths, and their channels.
    [Theory]
    [InlineData("convnext_atto", "stages.0 stages.1 stages.2", 40 + 80 + 160)]
    [InlineData("dm_nfnet_f0", "stages.0 stages.1 stages.2", 256 + 512 + 1536)]
    [InlineData("resnet18", "layer1 layer2 layer3", 64 + 128 + 256)]
    [InlineData("swin_tiny_patch4_window7_224", "layers.0 layers.1 layers.2", 96 + 192 + 384)]
    [InlineData("tf_efficientnet_b0+ml_decoder", "blocks.0 blocks.1 blocks.2 blocks.3 blocks.4 blocks.5", 16 + 24 + 40 + 80 + 112 + 192)]
    [InlineData("tresnet_m", "body.layer1 body.layer2 body.layer3", 64 + 128 + 1024)]
    public void They_are_the_means_over_the_places_and_the_logits_those_of_a_call(string architecture, string stages, long channels)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        manual_seed(1);
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(17, InputSize: new(96, 64)));
        network.eval();
        Tensor input = FormulaFill.Input("input", [2, 3, 96, 64]);
        Tensor logits = network.call(input);
        using var capture = new FeatureCapture(network, stages.Split(' '));
        using StageMeans means = StageMeans.Of(network)!;

        (Tensor actual, Tensor sameLogits) = means.Call(input);

        long[] places = architecture.StartsWith("swin", StringComparison.Ordinal) ? [1, 2] : [2, 3];
        Tensor expected = cat([.. stages.Split(' ').Select(stage => capture.Features[stage].mean(places))], 1);
        Assert.Equal([2, channels], actual.shape);
        Assert.True(expected.allclose(actual, rtol: 1e-5, atol: 1e-6));
        Assert.True(actual.isfinite().all().item<bool>());
        Assert.True(logits.equal(sameLogits).all().item<bool>());
    }

    [Fact]
    public void No_tensor_but_these_two_outlives_a_pass_and_none_a_broken_one()
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(17));
        network.eval();
        using Tensor input = FormulaFill.Input("input", [1, 3, 64, 64]);
        using Tensor tooSmall = FormulaFill.Input("input", [1, 3, 16, 16]);
        long before = LiveTensors.CountSettled();

        using (inference_mode())
        using (StageMeans means = StageMeans.Of(network)!)
        {
            Assert.ThrowsAny<Exception>(() => means.Call(tooSmall));
            Assert.Equal(before, Tensor.TotalCount);
            (Tensor actual, Tensor logits) = means.Call(input);
            Assert.Equal(before + 2, Tensor.TotalCount);
            Assert.Equal([1, 280], actual.shape);
            actual.Dispose();
            logits.Dispose();
        }

        using (inference_mode())
            network.call(input).Dispose();
        Assert.Equal(before, Tensor.TotalCount); // Nobody listens any more.
    }
}
