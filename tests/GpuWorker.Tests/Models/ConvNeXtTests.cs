using System.Text.Json;
using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class ConvNeXtTests
{
    private static readonly JsonElement FillRule = JsonSerializer.SerializeToElement(new { rule = "v1", exceptions = Array.Empty<object>(), unchanged_keys_regex = Array.Empty<string>() });

    // Logits of timm v1.0.28's convnext_atto with 17 classes, weights and input [2, 3, 96, 96] by formula, in float64.
    private static readonly double[] TimmAttoLogits =
    [
        0.6257885658437223, -0.48629233580920217, -1.3673868136628236, 0.48780376354836413, -0.07570209975890196, 0.30912670965218136,
        -1.116111937158349, -0.014261355084439445, -0.572995631187201, 1.7363448103011392, -0.6786410470840629, 1.285111693095181,
        0.30961505091798247, 0.5997673392637907, 0.8573512097707695, 0.1371648720962052, -0.205050334098747, -0.18366247016632742,
        -0.41733252697245304, -0.44316444314880077, -0.20207036098889347, 0.32329758668112085, 0.6366204392184935, -0.2756207155326917,
        0.30478694904616765, 0.008174603633673172, 1.2618389764422377, -0.76127470331566, 1.2571630337557207, 0.4918123265861267,
        0.6928016847382571, 0.3389615953105408, -1.0734683031500276, 0.036455301039992616,
    ];

    [Fact]
    public void Atto_gives_timms_logits()
    {
        using DisposeScope scope = NewDisposeScope();
        using var inference = inference_mode();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(17));
        network.eval();
        FormulaFill.Network(network, FillRule);
        network.to(ScalarType.Float64);

        double[] logits = [.. network.call(FormulaFill.Input("input", [2, 3, 96, 96]).to(ScalarType.Float64)).data<double>()];

        Assert.All(TimmAttoLogits.Zip(logits), pair => Assert.Equal(pair.First, pair.Second, 2e-9));
    }

    // Parameters with 1000 classes, from timm's table of results (in millions, to two digits after the point).
    [Theory]
    [InlineData("convnext_atto", 3.70)]
    [InlineData("convnext_femto", 5.22)]
    [InlineData("convnext_pico", 9.05)]
    [InlineData("convnext_nano", 15.59)]
    [InlineData("convnext_tiny", 28.59)]
    [InlineData("convnext_small", 50.22)]
    [InlineData("convnext_base", 88.59)]
    [InlineData("convnext_large", 197.77)]
    public void Variants_have_the_published_number_of_parameters(string architecture, double millions) => NetworkAssert.HasParameters(millions, architecture);

    [Fact]
    public void Fresh_weights_are_drawn_from_a_normal_distribution()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(17));
        Tensor weight = network.state_dict()["stages.3.blocks.0.mlp.fc1.weight"];

        Assert.Equal(0.02, weight.std().item<float>(), 1e-3);
        Assert.Equal(0, weight.mean().item<float>(), 1e-3);
        Assert.All(network.state_dict(), entry => Assert.True(entry.Value.isfinite().all().item<bool>(), entry.Key));
    }

    [Fact]
    public void Stochastic_depth_acts_in_training_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(3, DropPathRate: 0.5, LayerScaleInitialValue: 1));
        Tensor input = FormulaFill.Input("input", [4, 3, 32, 32]);

        network.train();
        Assert.False(network.call(input).eq(network.call(input)).all().item<bool>());
        network.eval();
        Assert.True(network.call(input).eq(network.call(input)).all().item<bool>());
    }

    [Fact]
    public void Scoring_leaves_no_tensor_behind() => NetworkAssert.ScoresWithoutTrace("convnext_atto");

    [Theory]
    [InlineData("convnext_bas", "convnext_base")]
    [InlineData("convnxt_tiny", "convnext_tiny")]
    [InlineData("convnext-atto", "convnext_atto")]
    public void An_unknown_name_is_answered_with_near_ones(string wrong, string near)
    {
        var exception = Assert.Throws<UnknownArchitectureException>(() => ModelCatalog.Create(wrong, new ModelOptions(17)));

        Assert.Contains(wrong, exception.Message, StringComparison.Ordinal);
        Assert.Contains(near, exception.Message, StringComparison.Ordinal);
    }
}
