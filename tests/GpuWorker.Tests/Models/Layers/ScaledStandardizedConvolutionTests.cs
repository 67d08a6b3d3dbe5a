using CloudPipe.GpuWorker.Models.Layers;
using CloudPipe.GpuWorker.Tests.Parity;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models.Layers;

[Collection(TorchCollection.Name)]
public sealed class ScaledStandardizedConvolutionTests
{
    [Fact]
    public void Weight_has_mean_zero_and_the_variance_of_one_over_fan_in_whatever_its_scale()
    {
        using DisposeScope scope = NewDisposeScope();
        using ScaledStandardizedConvolution layer = Layer();
        using var noGrad = no_grad();
        layer.state_dict()["gain"].fill_(1);
        Tensor impulse = zeros(8, 8, 3, 3);
        for (int channel = 0; channel < 8; channel++)
            impulse[channel, channel, 1, 1] = 1;

        // The answer to an impulse in the middle is the weight, turned by half a circle.
        Tensor kernels = layer.call(impulse); // [in, out, 3, 3]

        Assert.Equal(0, kernels.mean([0, 2, 3]).abs().max().item<float>(), 1e-6);
        Assert.Equal(1.0 / (8 * 9), kernels.square().mean([0, 2, 3]).min().item<float>(), 1e-5);
    }

    [Fact]
    public void Values_are_the_same_with_and_without_gradients()
    {
        using DisposeScope scope = NewDisposeScope();
        using ScaledStandardizedConvolution layer = Layer();
        layer.to(ScalarType.Float64);
        Tensor input = FormulaFill.Input("input", [1, 8, 5, 5]).to(ScalarType.Float64);

        Assert.Equal(0, layer.call(input).sub(Score(layer, input)).abs().max().item<double>(), 1e-12);
    }

    [Fact]
    public void A_load_after_scoring_is_seen() => CheckChangeIsSeen((layer, other) =>
    {
        using var noGrad = no_grad();
        foreach ((string key, Tensor target) in layer.state_dict())
            target.copy_(other.state_dict()[key]);
    });

    [Fact]
    public void Gains_alone_that_change_after_scoring_are_seen() => CheckChangeIsSeen((layer, other) =>
    {
        using var noGrad = no_grad();
        layer.state_dict()["gain"].copy_(other.state_dict()["gain"]);
    });

    [Fact]
    public void A_training_step_after_scoring_is_seen() => CheckChangeIsSeen((layer, _) =>
    {
        using var optimizer = optim.SGD(layer.parameters(), learningRate: 1);
        layer.train();
        using Tensor input = FormulaFill.Input("input", [1, 8, 5, 5]);
        layer.call(input).pow(3).sum().backward();
        optimizer.step();
        layer.eval();
    });

    private static void CheckChangeIsSeen(Action<ScaledStandardizedConvolution, ScaledStandardizedConvolution> change)
    {
        using DisposeScope scope = NewDisposeScope();
        using ScaledStandardizedConvolution layer = Layer();
        using ScaledStandardizedConvolution other = Layer();
        Tensor input = FormulaFill.Input("input", [1, 8, 5, 5]);
        layer.eval();
        Tensor before = Score(layer, input);

        change(layer, other);

        Tensor after = Score(layer, input);
        Assert.False(before.allclose(after));

        // A layer that has never scored has the same answer for the same weights.
        using ScaledStandardizedConvolution fresh = Layer();
        fresh.eval();
        using var noGrad = no_grad();
        foreach ((string key, Tensor target) in fresh.state_dict())
            target.copy_(layer.state_dict()[key]);

        Assert.True(Score(fresh, input).eq(after).all().item<bool>());
    }

    private static Tensor Score(ScaledStandardizedConvolution layer, Tensor input)
    {
        using var inference = inference_mode();
        return layer.call(input);
    }

    private static ScaledStandardizedConvolution Layer()
    {
        var layer = new ScaledStandardizedConvolution(inputWidth: 8, outputWidth: 8, kernelSize: 3);
        using var noGrad = no_grad();
        foreach ((_, Tensor tensor) in layer.state_dict())
            nn.init.normal_(tensor, mean: 1, std: 3);

        layer.state_dict()["bias"].zero_();
        return layer;
    }
}
