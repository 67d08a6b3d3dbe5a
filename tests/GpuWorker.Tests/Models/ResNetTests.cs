using CloudPipe.GpuWorker.Models;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

/// <summary>ResNet, ECA-ResNet and TResNet.</summary>
[Collection(TorchCollection.Name)]
public sealed class ResNetTests
{
    // Parameters with 1000 classes, from timm's table of results (in millions, to two digits after the point).
    [Theory]
    [InlineData("resnet18", 11.69)]
    [InlineData("resnet18d", 11.71)]
    [InlineData("resnet26", 16.00)]
    [InlineData("resnet26d", 16.01)]
    [InlineData("resnet26t", 16.01)]
    [InlineData("resnet34", 21.80)]
    [InlineData("resnet34d", 21.82)]
    [InlineData("resnet50", 25.56)]
    [InlineData("resnet50d", 25.58)]
    [InlineData("resnet101", 44.55)]
    [InlineData("resnet101d", 44.57)]
    [InlineData("resnet152", 60.19)]
    [InlineData("resnet152d", 60.21)]
    [InlineData("ecaresnet26t", 16.01)]
    [InlineData("ecaresnet50d", 25.58)]
    [InlineData("ecaresnet50t", 25.57)]
    [InlineData("ecaresnet101d", 44.57)]
    [InlineData("ecaresnet269d", 102.09)]
    [InlineData("ecaresnetlight", 30.16)]
    [InlineData("tresnet_m", 31.39)]
    [InlineData("tresnet_l", 55.99)]
    [InlineData("tresnet_xl", 78.44)]
    [InlineData("tresnet_v2_l", 46.17)]
    public void Variants_have_the_published_number_of_parameters(string architecture, double millions) => NetworkAssert.HasParameters(millions, architecture);

    // One of each kind of stem, block and shortcut.
    [Theory]
    [InlineData("resnet18", "layer4.1.conv1.weight", "layer4.1.bn2.weight")]
    [InlineData("ecaresnet26t", "layer4.1.conv2.weight", "layer4.1.bn3.weight")]
    [InlineData("tresnet_m", "body.layer4.1.conv2.conv.weight", "body.layer4.1.conv3.bn.weight")]
    public void Fresh_weights_are_drawn_for_each_convolutions_outputs_and_branches_start_at_zero(string architecture, string convolution, string lastNorm)
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(17));
        Dictionary<string, Tensor> state = network.state_dict();
        long[] shape = state[convolution].shape;

        Assert.Equal(Math.Sqrt(2.0 / (shape[0] * shape[2] * shape[3])), state[convolution].std().item<float>(), 1e-4);
        Assert.Equal(0, state[lastNorm].abs().max().item<float>());
        Assert.All(state, entry => Assert.True(entry.Value.isfinite().all().item<bool>(), entry.Key));
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("ecaresnet26t")]
    [InlineData("tresnet_m")]
    public void Every_parameter_learns_and_stochastic_depth_acts_in_training_alone(string architecture)
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create(architecture, new ModelOptions(3, DropPathRate: 0.5));
        using (no_grad())
        {
            // At their start, branches of zeros would neither drop visibly nor pass gradients on.
            foreach ((string name, var parameter) in network.named_parameters())
            {
                if (name.EndsWith("weight", StringComparison.Ordinal) && parameter.Dimensions == 1)
                    parameter.fill_(1);
            }
        }

        Tensor input = FormulaFill.Input("input", [4, 3, 64, 64]);
        network.call(input).square().mean().backward();
        Assert.All(network.named_parameters(), entry => Assert.True(entry.parameter.grad?.isfinite().all().item<bool>(), entry.name));

        using var noGrad = no_grad();
        Assert.False(network.call(input).eq(network.call(input)).all().item<bool>());
        network.eval();
        Assert.True(network.call(input).eq(network.call(input)).all().item<bool>());
    }

    [Theory]
    [InlineData("resnet18")]
    [InlineData("ecaresnet26t+ml_decoder")]
    [InlineData("tresnet_m")]
    public void Scoring_leaves_no_tensor_behind(string architecture) => NetworkAssert.ScoresWithoutTrace(architecture, drawWeights: false);
}
