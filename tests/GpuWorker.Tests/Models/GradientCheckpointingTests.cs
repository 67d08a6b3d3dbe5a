using CloudPipe.GpuWorker.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Models;

[Collection(TorchCollection.Name)]
public sealed class GradientCheckpointingTests
{
    [Theory]
    [InlineData("convnext_atto", 32, 8)]
    [InlineData("resnet18", 64, 4)]
    [InlineData("efficientnet_b0", 64, 4)]
    public void Gradients_and_averages_are_the_same_bit_for_bit(string architecture, int size, int batch) => Compare(architecture, size, batch);

    // With those above one of each family, and both kinds of block where a family has two.
    [Theory]
    [InlineData("convnext_atto", 64, 4)]
    [InlineData("ecaresnet26t", 64, 4)]
    [InlineData("tresnet_m", 64, 4)]
    [InlineData("dm_nfnet_f0", 64, 2)]
    [InlineData("swin_tiny_patch4_window7_224", 64, 4)]
    [Trait("Category", "Long")]
    public void Gradients_and_averages_of_larger_networks_are_too(string architecture, int size, int batch) => Compare(architecture, size, batch);

    [Fact]
    public void No_tensor_outlives_the_step()
    {
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(ClassCount: 5, DropPathRate: 0.3));
        GradientCheckpointing.Enable(network);
        using (NewDisposeScope())
            Step(network, rand(2, 3, 32, 32));

        long before = LiveTensors.CountSettled();
        for (int i = 0; i < 3; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            Step(network, rand(2, 3, 32, 32));
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void The_random_numbers_after_a_step_are_those_of_a_plain_one()
    {
        using DisposeScope scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> network = ModelCatalog.Create("convnext_atto", new ModelOptions(ClassCount: 5, DropPathRate: 0.3));
        Step(network, ones(2, 3, 32, 32));
        float plain = rand(1).item<float>();
        GradientCheckpointing.Enable(network);

        Step(network, ones(2, 3, 32, 32));

        Assert.Equal(plain, rand(1).item<float>());
    }

    private static void Compare(string architecture, int size, int batch)
    {
        using DisposeScope scope = NewDisposeScope();
        var options = new ModelOptions(ClassCount: 5, DropPathRate: 0.3, LayerScaleInitialValue: 0.5, InputSize: new(size, size));
        manual_seed(1);
        using nn.Module<Tensor, Tensor> plain = ModelCatalog.Create(architecture, options);
        using nn.Module<Tensor, Tensor> recomputing = ModelCatalog.Create(architecture, options);
        using (no_grad())
        {
            foreach ((Tensor own, Tensor other) in recomputing.state_dict().Values.Zip(plain.state_dict().Values))
                own.copy_(other);
        }

        GradientCheckpointing.Enable(recomputing);
        Tensor images = rand(batch, 3, size, size);

        Step(plain, images);
        Step(recomputing, images);

        foreach ((var one, var other) in plain.named_parameters().Zip(recomputing.named_parameters()))
            Assert.True(Same(one.parameter.grad, other.parameter.grad), $"The gradient of {one.name} differs.");

        foreach ((var one, var other) in plain.named_buffers().Zip(recomputing.named_buffers()))
            Assert.True(one.buffer.equal(other.buffer).all().item<bool>(), $"The buffer {one.name} differs.");
    }

    // Two threads whatever the machine's number: libtorch chooses its kernels by it.
    private static void Step(nn.Module<Tensor, Tensor> network, Tensor images)
    {
        int threads = get_num_threads();
        set_num_threads(2);
        try
        {
            using DisposeScope scope = NewDisposeScope();
            manual_seed(7);
            network.train();
            network.call(images).square().mean().backward();
        }
        finally
        {
            set_num_threads(threads);
        }
    }

    private static bool Same(Tensor? one, Tensor? other) => one is null || other is null ? one is null && other is null : one.equal(other).all().item<bool>();
}
