using CloudPipe.GpuWorker.Training.Optimization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Training.Optimization;

[Collection(TorchCollection.Name)]
public sealed class MasterWeightsTests
{
    [Fact]
    public void An_update_that_bfloat16_would_lose_is_kept()
    {
        using DisposeScope scope = NewDisposeScope();
        using var weights = new MasterWeights(Network(), Network());
        Parameter master = weights.Masters.parameters().Last();
        using (no_grad())
            master.fill_(1);

        weights.Distribute();
        for (int i = 0; i < 10; i++)
        {
            using (no_grad())
                master.add_(0.001); // bfloat16's next number after 1 is 1.0078

            weights.Synchronize();
        }

        Assert.Equal(1.01f, master.mean().item<float>(), 1e-5f);
        Assert.Equal(1.0078125f, weights.Network.parameters().Last().to_type(ScalarType.Float32).mean().item<float>());
    }

    [Fact]
    public void Gradients_reach_the_masters_in_float32_and_add_up()
    {
        using DisposeScope scope = NewDisposeScope();
        using var weights = new MasterWeights(Network(), Network());
        Tensor input = ones(2, 3, 4, 4, dtype: weights.InputType);

        for (int i = 0; i < 2; i++)
        {
            weights.Network.call(input).sum().backward();
            weights.CollectGradients();
        }

        Parameter bias = weights.Masters.named_parameters().First(entry => entry.name == "3.bias").parameter;
        Assert.Equal(ScalarType.Float32, bias.grad!.dtype);
        Assert.Equal(4, bias.grad![0].item<float>()); // two samples, twice
        Assert.All(weights.Network.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Norms_average_in_float32_and_the_masters_take_it_over()
    {
        using DisposeScope scope = NewDisposeScope();
        using var weights = new MasterWeights(Network(), Network());
        Tensor input = rand(8, 3, 4, 4).add(3);

        weights.Network.call(input.to_type(weights.InputType));
        weights.Synchronize();

        Tensor mean = weights.Masters.state_dict()["0.running_mean"];
        Assert.Equal(ScalarType.Float32, weights.Network.state_dict()["0.running_mean"].dtype);
        Assert.True(mean.allclose(input.mean([0, 2, 3]) * 0.1, rtol: 1e-2, atol: 1e-3));
        Assert.Equal(ScalarType.BFloat16, weights.Network.state_dict()["1.weight"].dtype);
    }

    [Fact]
    public void Without_a_copy_the_masters_compute()
    {
        using var weights = new MasterWeights(Network());

        Assert.Same(weights.Masters, weights.Network);
        Assert.Equal(ScalarType.Float32, weights.InputType);
    }

    private static Sequential Network() => nn.Sequential(nn.BatchNorm2d(3), nn.Conv2d(3, 4, kernel_size: 4), nn.Flatten(), nn.Linear(4, 2));
}
