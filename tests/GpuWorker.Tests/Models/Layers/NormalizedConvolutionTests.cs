using CloudPipe.GpuWorker.Models.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models.Layers;

[Collection(TorchCollection.Name)]
public sealed class NormalizedConvolutionTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(3, 2, 1)]
    [InlineData(3, 1, 4)]
    public void Folded_they_give_what_they_give_one_after_the_other(int kernelSize, int stride, int groups)
    {
        using DisposeScope scope = NewDisposeScope();
        (Conv2d convolution, BatchNorm2d norm) = Pair(kernelSize, stride, groups);
        Tensor input = randn(2, 8, 9, 11, dtype: ScalarType.Float64);
        Tensor expected = norm.call(convolution.call(input)).detach();

        using IDisposable noGrad = no_grad();
        Tensor folded = NormalizedConvolution.Apply(convolution, norm, input);

        Assert.True(folded.allclose(expected, rtol: 1e-12, atol: 1e-12));
    }

    [Fact]
    public void A_change_of_weights_or_statistics_is_seen_at_once()
    {
        using DisposeScope scope = NewDisposeScope();
        (Conv2d convolution, BatchNorm2d norm) = Pair(3, 1, 1);
        Tensor input = randn(1, 8, 6, 6, dtype: ScalarType.Float64);
        using IDisposable noGrad = no_grad();
        NormalizedConvolution.Apply(convolution, norm, input);

        convolution.weight.mul_(2);
        norm.running_mean!.add_(1);

        Assert.True(NormalizedConvolution.Apply(convolution, norm, input).allclose(norm.call(convolution.call(input)), rtol: 1e-12, atol: 1e-12));
    }

    [Fact]
    public void In_training_the_batch_s_own_statistics_count()
    {
        using DisposeScope scope = NewDisposeScope();
        (Conv2d convolution, BatchNorm2d norm) = Pair(3, 1, 1);
        norm.train();
        using IDisposable noGrad = no_grad();

        Tensor output = NormalizedConvolution.Apply(convolution, norm, randn(4, 8, 6, 6, dtype: ScalarType.Float64));

        Tensor normalised = output.sub(norm.bias!.reshape(1, -1, 1, 1)).div(norm.weight.reshape(1, -1, 1, 1));
        Assert.Equal(0, normalised.mean([0, 2, 3]).abs().max().item<double>(), 1e-9);
    }

    private static (Conv2d Convolution, BatchNorm2d Norm) Pair(int kernelSize, int stride, int groups)
    {
        manual_seed(5);
        Conv2d convolution = nn.Conv2d(8, 12, kernelSize, stride, padding: kernelSize / 2, groups: groups, bias: false);
        BatchNorm2d norm = nn.BatchNorm2d(12);
        using IDisposable noGrad = no_grad();
        norm.weight.uniform_(0.5, 1.5);
        norm.bias!.normal_();
        norm.running_mean!.normal_();
        norm.running_var!.uniform_(0.5, 2);
        convolution.to(ScalarType.Float64);
        norm.to(ScalarType.Float64);
        norm.eval();
        return (convolution, norm);
    }
}
