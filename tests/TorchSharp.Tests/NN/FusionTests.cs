using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class FusionTests
{
    private static T Randomized<T>(T norm)
        where T : Modules.BatchNorm
    {
        norm.running_mean!.normal_();
        norm.running_var!.uniform_(0.5, 2);
        norm.weight.detach().normal_();
        norm.bias!.detach().normal_();
        norm.eval();
        return norm;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_fused_convolution_does_what_both_layers_did(bool hasBias)
    {
        using var scope = NewDisposeScope();
        using var convolution = Conv2d(2, 3, 3, bias: hasBias);
        using var norm = Randomized(BatchNorm2d(3));
        var (weight, bias) = nn.utils.fuse_conv_bn_weights(
            convolution.weight, convolution.bias, norm.running_mean!, norm.running_var!, norm.eps, norm.weight, norm.bias);
        var input = randn(2, 2, 6, 6);

        TensorAssert.Close(norm.call(convolution.call(input)), functional.conv2d(input, weight, bias), 1e-5);
    }

    [Fact]
    public void A_fused_linear_layer_does_what_both_layers_did()
    {
        using var scope = NewDisposeScope();
        using var linear = Linear(4, 3);
        using var norm = Randomized(BatchNorm1d(3));
        Assert.Throws<InvalidOperationException>(() => nn.utils.fuse_linear_bn_eval(linear, norm));

        linear.eval();
        using var fused = nn.utils.fuse_linear_bn_eval(linear, norm);
        var input = randn(5, 4);
        TensorAssert.Close(norm.call(linear.call(input)), fused.call(input), 1e-5);
    }
}
