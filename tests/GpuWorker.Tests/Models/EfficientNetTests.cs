using System.Text.Json;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class EfficientNetTests
{
    private static readonly JsonElement FillRule = JsonSerializer.SerializeToElement(new
    {
        rule = "v1",
        exceptions = new[] { new { key_regex = ".*", min_ndim = 2, multiply = 1.6 } },
        unchanged_keys_regex = Array.Empty<string>(),
    });

    // Logits of torchvision 0.14.1's efficientnet_b0 with 17 classes, weights by formula under timm's names and input
    // [1, 3, 75, 113], in float64.
    private static readonly double[] TorchvisionLogits =
    [
        -0.0024701725473600944, -0.1768393356452059, 0.310412313236916, -0.3235182435786444, 0.43175130185774047, 0.4435364640865581,
        0.09062824391516754, -0.06052819004192477, 0.11844589732993589, 0.22949500585116267, 0.016848922766884294, 0.09790338886076924,
        0.02302874213820825, 0.01583521316399786, -0.16284149505030926, -0.09153570155561536, -0.06831603839799501,
    ];

    [Theory]
    [InlineData(ScalarType.Float64, 1e-9)]
    [InlineData(ScalarType.Float32, 5e-6)]
    public void B0_without_the_prefix_is_torchvisions_function(ScalarType type, double tolerance)
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("efficientnet_b0", new ModelOptions(17));
        network.eval();
        FormulaFill.Network(network, FillRule);
        network.to(type);

        double[] logits = [.. network.call(FormulaFill.Input("input", [1, 3, 75, 113]).to(type)).to(ScalarType.Float64).data<double>()];

        Assert.All(TorchvisionLogits.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }

    // Parameters with 1000 classes, from timm's table of results (in millions, to two digits after the point).
    [Theory]
    [InlineData("efficientnet_b0", 5.29)]
    [InlineData("efficientnet_b1", 7.79)]
    [InlineData("efficientnet_b2", 9.11)]
    [InlineData("efficientnet_b3", 12.23)]
    [InlineData("efficientnet_b4", 19.34)]
    [InlineData("efficientnet_b5", 30.39)]
    [InlineData("efficientnet_b6", 43.04)]
    [InlineData("efficientnet_b7", 66.35)]
    [InlineData("tf_efficientnet_b0", 5.29)]
    [InlineData("tf_efficientnet_b1", 7.79)]
    [InlineData("tf_efficientnet_b2", 9.11)]
    [InlineData("tf_efficientnet_b3", 12.23)]
    [InlineData("tf_efficientnet_b4", 19.34)]
    [InlineData("tf_efficientnet_b5", 30.39)]
    [InlineData("tf_efficientnet_b6", 43.04)]
    [InlineData("tf_efficientnet_b7", 66.35)]
    [InlineData("tf_efficientnet_l2", 480.31)]
    public void Variants_have_the_published_number_of_parameters(string architecture, double millions) => NetworkAssert.HasParameters(millions, architecture);

    [Fact]
    public void Fresh_weights_are_drawn_by_fan_out()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("tf_efficientnet_b0", new ModelOptions(16));
        Dictionary<string, Tensor> state = network.state_dict();

        Assert.Equal(Math.Sqrt(2.0 / 1280), state["conv_head.weight"].std().item<float>(), 1e-3);
        Assert.Equal(Math.Sqrt(2.0 / 25), state["blocks.5.1.conv_dw.weight"].std().item<float>(), 1e-2);
        Assert.Equal(Math.Sqrt(2.0 / 48), state["blocks.6.0.se.conv_reduce.weight"].std().item<float>(), 1e-2);
        Assert.Equal(0.25, state["classifier.weight"].abs().max().item<float>(), 1e-3);
        Assert.Equal(0, state["classifier.bias"].abs().max().item<float>());
        Assert.All(state, entry => Assert.True(entry.Value.isfinite().all().item<bool>(), entry.Key));
    }

    [Theory]
    [InlineData("tf_efficientnet_b0")]
    [InlineData("efficientnet_b0")]
    [InlineData("tf_efficientnet_b0+ml_decoder")]
    public void Training_moves_parameters_and_statistics(string architecture)
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(3, DropPathRate: 0.1));
        Tensor input = FormulaFill.Input("input", [4, 3, 64, 64]);

        network.call(input).square().mean().backward();

        Assert.All(network.named_parameters().Where(entry => entry.parameter.requires_grad), entry => Assert.True(entry.parameter.grad is { } gradient && gradient.isfinite().all().item<bool>(), entry.name));
        Dictionary<string, Tensor> state = network.state_dict();
        Assert.Equal(1, state["blocks.3.0.bn2.num_batches_tracked"].item<long>());
        Assert.NotEqual(0, state["blocks.3.0.bn2.running_mean"].abs().max().item<float>());
    }

    [Fact]
    public void Stochastic_depth_acts_in_training_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("tf_efficientnet_b0", new ModelOptions(3, DropPathRate: 0.5));
        Tensor input = FormulaFill.Input("input", [4, 3, 32, 32]);

        network.train();
        Assert.False(network.call(input).eq(network.call(input)).all().item<bool>());
        network.eval();
        Assert.True(network.call(input).eq(network.call(input)).all().item<bool>());
    }

    [Theory]
    [InlineData("tf_efficientnet_b0")]
    [InlineData("efficientnet_b0")]
    public void Scoring_changes_no_input_and_leaves_no_tensor_behind(string architecture) => NetworkAssert.ScoresWithoutTrace(architecture);
}
