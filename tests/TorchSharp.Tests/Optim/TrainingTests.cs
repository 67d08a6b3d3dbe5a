using TorchSharp.Modules;
using TorchSharp.Tests.NN;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.Optim;

[Collection(ModulesCollection.Name)]
public sealed class TrainingTests
{
    private static Sequential Network() => Sequential(
        ("conv", Conv2d(1, 4, 3, padding: 1, bias: false)),
        ("norm", BatchNorm2d(4)),
        ("act", ReLU()),
        ("pool", AdaptiveAvgPool2d(1)),
        ("flat", Flatten()),
        ("drop", Dropout(0.1)),
        ("head", Linear(4, 2)));

    /// <summary>One step on images whose class is whether they are brighter on the left.</summary>
    private static double Step(Sequential network, OptimizerHelper optimizer)
    {
        using var scope = NewDisposeScope();
        var images = randn(16, 1, 6, 6);
        var classes = (images.narrow(3, 0, 3).sum([1, 2, 3]) > images.narrow(3, 3, 3).sum([1, 2, 3])).to(ScalarType.Int64);
        images += (classes.view(16, 1, 1, 1) * 2.0) - 1.0;
        var loss = functional.cross_entropy(network.call(images), classes);
        optimizer.zero_grad();
        loss.backward();
        nn.utils.clip_grad_norm_(network.parameters(), 1.0);
        optimizer.step();
        return loss.item<float>();
    }

    [Fact]
    public void Training_reduces_the_loss()
    {
        manual_seed(11);
        using var network = Network();
        using var optimizer = optim.AdamW(network.parameters(), 0.05, weight_decay: 0.01);
        var scheduler = optim.lr_scheduler.OneCycleLR(optimizer, 0.05, total_steps: 60);
        var losses = new List<double>();
        for (var step = 0; step < 60; step++)
        {
            losses.Add(Step(network, optimizer));
            scheduler.step();
        }

        Assert.True(losses.TakeLast(10).Average() < losses.Take(5).Average() * 0.5, string.Join(' ', losses));
    }

    [Theory]
    [InlineData("SGD")]
    [InlineData("AdamW")]
    public void No_tensor_outlives_its_step(string name)
    {
        using var network = Network();
        using OptimizerHelper optimizer = name switch
        {
            "SGD" => optim.SGD(network.parameters(), 0.01, momentum: 0.9, weight_decay: 0.1, nesterov: true),
            _ => optim.AdamW(network.parameters(), 0.01, amsgrad: true, maximize: true),
        };
        Step(network, optimizer);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var step = 0; step < 100; step++) Step(network, optimizer);

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Making_and_disposing_a_network_leaves_nothing()
    {
        Network().Dispose();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Tensor.TotalCount;
        for (var round = 0; round < 5; round++)
        {
            using var network = Network();
            using var optimizer = optim.AdamW(network.parameters());
            network.to(ScalarType.Float64);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }
}
