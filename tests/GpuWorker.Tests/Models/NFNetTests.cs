using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class NFNetTests
{
    // Parameters with 1000 classes, from timm's table of results (in millions, to two digits after the point).
    [Theory]
    [InlineData("dm_nfnet_f0", 71.49)]
    [InlineData("dm_nfnet_f1", 132.63)]
    [InlineData("dm_nfnet_f2", 193.78)]
    [InlineData("dm_nfnet_f3", 254.92)]
    [InlineData("dm_nfnet_f4", 316.07)]
    [InlineData("dm_nfnet_f5", 377.21)]
    [InlineData("dm_nfnet_f6", 438.36)]
    public void Variants_have_the_published_number_of_parameters(string architecture, double millions) => NetworkAssert.HasParameters(millions, architecture);

    [Fact]
    public void Fresh_weights_are_drawn_by_fan_in_and_branches_start_at_zero()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("dm_nfnet_f0", new ModelOptions(17));
        Dictionary<string, Tensor> state = network.state_dict();

        Assert.Equal(1 / Math.Sqrt(128 * 9), state["stages.3.0.conv2.weight"].std().item<float>(), 1e-4);
        Assert.Equal(1 / Math.Sqrt(1536), state["stages.3.0.attn_last.fc1.weight"].std().item<float>(), 1e-4);
        Assert.Equal(0.01, state["head.fc.weight"].std().item<float>(), 1e-3);
        Assert.Equal(0, state["stages.3.0.skipinit_gain"].item<float>());
        Assert.Equal(1, state["stages.3.0.conv3.gain"].min().item<float>());
        Assert.All(state, entry => Assert.True(entry.Value.isfinite().all().item<bool>(), entry.Key));
    }

    [Fact]
    public void Stochastic_depth_acts_in_training_alone()
    {
        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("dm_nfnet_f0", new ModelOptions(3, DropPathRate: 0.5));
        foreach ((string name, Tensor parameter) in network.state_dict().Where(entry => entry.Key.EndsWith("skipinit_gain", StringComparison.Ordinal)))
            parameter.fill_(1);

        Tensor input = FormulaFill.Input("input", [4, 3, 32, 32]);
        network.train();
        Assert.False(network.call(input).eq(network.call(input)).all().item<bool>());
        network.eval();
        Assert.True(network.call(input).eq(network.call(input)).all().item<bool>());
    }

    [Fact]
    public void The_head_may_be_mldecoder()
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("dm_nfnet_f0+ml_decoder", new ModelOptions(17, DrawWeights: false));
        Dictionary<string, Tensor> state = network.state_dict();

        Assert.Equal([768, 3072], state["head.embed_standart.weight"].shape);
        Assert.DoesNotContain("head.fc.weight", state.Keys);
    }

    [Fact]
    public void Scoring_changes_no_input_and_leaves_no_tensor_behind() => NetworkAssert.ScoresWithoutTrace("dm_nfnet_f0");
}
