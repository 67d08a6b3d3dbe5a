using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class SwinTransformerTests
{
    // Parameters with 1000 classes, from timm's table of results (in millions, to two digits after the point); torchvision's
    // from its documentation.
    [Theory]
    [InlineData("swin_tiny_patch4_window7_224", 28.29)]
    [InlineData("swin_small_patch4_window7_224", 49.61)]
    [InlineData("swin_base_patch4_window7_224", 87.77)]
    [InlineData("swin_base_patch4_window12_384", 87.90)]
    [InlineData("swin_large_patch4_window7_224", 196.53)]
    [InlineData("swin_large_patch4_window12_384", 196.74)]
    [InlineData("torchvision_swin_t", 28.288354)]
    [InlineData("torchvision_swin_s", 49.606258)]
    [InlineData("torchvision_swin_b", 87.768224)]
    public void Variants_have_the_published_number_of_parameters(string architecture, double millions) => NetworkAssert.HasParameters(millions, architecture);

    [Theory]
    [InlineData(1344, 1344, new[] { 529, 529, 529, 529 })]
    [InlineData(192, 384, new[] { 529, 529, 529, 253 })]
    public void Windows_are_no_larger_than_the_feature_map(int height, int width, int[] offsets)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("swin_base_patch4_window12_384", new ModelOptions(2, InputSize: new(height, width), DrawWeights: false));
        Dictionary<string, Tensor> state = network.state_dict();

        Assert.Equal(offsets.Select(count => (long)count), Enumerable.Range(0, 4).Select(stage => state[$"layers.{stage}.blocks.1.attn.relative_position_bias_table"].shape[0]));
    }

    [Fact]
    public void A_network_for_one_size_refuses_another_and_names_both()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Tiny(new ModelOptions(3, InputSize: new(64, 96)));

        var exception = Assert.Throws<ArgumentException>(() => network.call(zeros(1, 3, 96, 64)));

        Assert.Contains("64×96", exception.Message, StringComparison.Ordinal);
        Assert.Contains("96×64", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_for_any_size_takes_whole_patches()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Tiny(new ModelOptions(3, StrictInputSize: false));
        network.eval();

        Assert.Equal([1, 3], network.call(zeros(1, 3, 36, 100)).shape);
        Assert.Contains("38×100", Assert.Throws<ArgumentException>(() => network.call(zeros(1, 3, 38, 100))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_too_small_for_four_stages_is_refused() =>
        Assert.Throws<ArgumentException>(() => Tiny(new ModelOptions(3, InputSize: new(28, 224))));

    [Fact]
    public void Fresh_weights_are_drawn_from_a_normal_distribution()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = Tiny(new ModelOptions(17));
        Dictionary<string, Tensor> state = network.state_dict();

        foreach (string key in new[] { "layers.3.blocks.0.mlp.fc1.weight", "layers.2.downsample.reduction.weight", "layers.3.blocks.1.attn.relative_position_bias_table", "head.fc.weight" })
            Assert.Equal(0.02, state[key].std().item<float>(), 1e-3);

        Assert.Equal(0, state["head.fc.bias"].abs().max().item<float>());
        Assert.All(state, entry => Assert.True(entry.Value.isfinite().all().item<bool>(), entry.Key));
    }

    [Fact]
    public void Stochastic_depth_acts_in_training_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        using nn.Module<Tensor, Tensor> network = Tiny(new ModelOptions(3, DropPathRate: 0.5, InputSize: new(32, 32)));
        Tensor input = FormulaFill.Input("input", [4, 3, 32, 32]);

        network.train();
        Assert.False(network.call(input).eq(network.call(input)).all().item<bool>());
        network.eval();
        Assert.True(network.call(input).eq(network.call(input)).all().item<bool>());
    }

    // Nothing that scoring leaves behind may stand in the way of training: the same network does both in turns.
    [Theory]
    [InlineData("swin_tiny_patch4_window7_224")]
    [InlineData("swin_tiny_patch4_window7_224+ml_decoder")]
    [InlineData("torchvision_swin_t")]
    public void Every_parameter_that_is_trained_gets_a_gradient(string architecture)
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(3, StrictInputSize: false));
        Tensor input = FormulaFill.Input("input", [2, 3, 64, 96]);
        using (inference_mode())
            network.call(input);

        network.call(input).square().mean().backward();

        Assert.All(network.named_parameters(), entry => Assert.Equal(entry.parameter.requires_grad, entry.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>()));
    }

    [Theory]
    [InlineData("swin_tiny_patch4_window7_224")]
    [InlineData("torchvision_swin_t")]
    public void Scoring_leaves_no_tensor_behind(string architecture)
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(17, StrictInputSize: false));
        network.eval();
        long[] sides = [64, 96, 72];
        Tensor[] inputs = [.. sides.Select(side => FormulaFill.Input("input", [1, 3, side, 64]))];
        long before = LiveTensors.CountSettled();
        foreach (Tensor input in inputs)
        {
            using var inference = inference_mode();
            using Tensor logits = network.call(input);
        }

        Assert.Equal(before, Tensor.TotalCount);
        Array.ForEach(inputs, input => input.Dispose());
    }

    private static nn.Module<Tensor, Tensor> Tiny(ModelOptions options) => ModelCatalog.Create("swin_tiny_patch4_window7_224", options);
}
