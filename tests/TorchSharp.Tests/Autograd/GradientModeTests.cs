using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Autograd;

public sealed class GradientModeTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void No_grad_records_nothing_and_ends_where_it_began()
    {
        Tensor x = ones(1, requires_grad: true);
        Assert.True(is_grad_enabled());
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            Assert.False(is_grad_enabled());
        }
        Assert.True((x * 2).requires_grad);
    }

    [Fact]
    public void Set_grad_enabled_takes_the_mode()
    {
        using (set_grad_enabled(false))
            Assert.False(is_grad_enabled());
        using (no_grad())
        using (set_grad_enabled(true))
            Assert.True(is_grad_enabled());
        Assert.True(is_grad_enabled());
    }

    [Fact]
    public void Inference_mode_nests_and_its_tensors_stay_out_of_the_graph()
    {
        Tensor x = ones(1, requires_grad: true), made;
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            made = x * 2;
            Assert.False(made.requires_grad);
            using (inference_mode(false))
                Assert.False(is_inference_mode_enabled());
            Assert.True(is_inference_mode_enabled());
        }
        Assert.False(is_inference_mode_enabled());
        Assert.Throws<ExternalException>(() => (made * x).sum());
        Assert.True((made.clone() * x).requires_grad);
    }

    [Fact]
    public void A_mode_belongs_to_its_thread()
    {
        bool enabledElsewhere = false;
        using (no_grad())
        {
            var thread = new Thread(() => enabledElsewhere = is_grad_enabled());
            thread.Start();
            thread.Join();
        }
        Assert.True(enabledElsewhere);
    }

    [Fact]
    public void A_leaf_can_be_changed_in_place_only_without_gradients()
    {
        Tensor x = ones(1, requires_grad: true);
        Assert.Throws<ExternalException>(() => x.add_(1));
        using (no_grad())
            x.add_(1);
        x.AssertValues(2);
        Assert.True(x.is_leaf);
    }
}
