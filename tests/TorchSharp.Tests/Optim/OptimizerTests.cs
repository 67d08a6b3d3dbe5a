using TorchSharp.Modules;
using TorchSharp.Tests.NN;
using static TorchSharp.torch;
using static TorchSharp.torch.optim;

namespace TorchSharp.Tests.Optim;

[Collection(ModulesCollection.Name)]
public sealed class OptimizerTests
{
    private static Parameter Weight(double value = 1) => nn.Parameter(full([2], value, ScalarType.Float64));

    private static void SetGradient(Parameter parameter, double value)
    {
        using var gradient = full_like(parameter.detach(), value);
        parameter.grad = gradient;
    }

    [Fact]
    public void Gradient_descent_steps_against_the_gradient()
    {
        using var scope = NewDisposeScope();
        var weight = Weight();
        using var optimizer = SGD([weight], 0.1, weight_decay: 0.5);
        SetGradient(weight, 2);
        optimizer.step();

        // 1 - 0.1 * (2 + 0.5 * 1)
        TensorAssert.Close([0.75, 0.75], weight, 1e-12);
        Assert.True(weight.requires_grad && weight.is_leaf);
    }

    [Fact]
    public void Momentum_accumulates_and_dampening_spares_the_first_step()
    {
        using var scope = NewDisposeScope();
        var weight = Weight();
        using var optimizer = SGD([weight], 0.1, momentum: 0.9, dampening: 0.5);
        SetGradient(weight, 2);
        optimizer.step();
        TensorAssert.Close([0.8, 0.8], weight, 1e-12);

        // The buffer becomes 0.9 * 2 + 0.5 * 2.
        optimizer.step();
        TensorAssert.Close([0.52, 0.52], weight, 1e-12);
    }

    [Fact]
    public void Nesterov_momentum_looks_ahead()
    {
        using var scope = NewDisposeScope();
        var weight = Weight();
        using var optimizer = SGD([weight], 0.1, momentum: 0.9, nesterov: true);
        SetGradient(weight, 2);
        optimizer.step();

        TensorAssert.Close([1 - (0.1 * (2 + (0.9 * 2))), 1 - (0.1 * (2 + (0.9 * 2)))], weight, 1e-12);
        Assert.Throws<ArgumentException>(() => SGD([weight], 0.1, nesterov: true));
    }

    [Fact]
    public void The_first_step_of_adam_has_the_length_of_the_rate()
    {
        using var scope = NewDisposeScope();
        var weight = Weight();
        using var optimizer = optim.AdamW([weight], 0.1);
        SetGradient(weight, -3);
        optimizer.step();

        TensorAssert.Close([1.1, 1.1], weight, 1e-8);
    }

    [Fact]
    public void Maximising_steps_along_the_gradient()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Weight(), Weight());
        using var descent = SGD([first], 0.1, maximize: true);
        using var adam = optim.AdamW([second], 0.1, maximize: true);
        SetGradient(first, 2);
        SetGradient(second, 2);
        descent.step();
        adam.step();

        TensorAssert.Close([1.2, 1.2], first, 1e-12);
        TensorAssert.Close([1.1, 1.1], second, 1e-8);
    }

    [Fact]
    public void The_weight_decay_of_adamw_is_zero_unless_given()
    {
        using var scope = NewDisposeScope();
        var weight = Weight();
        using var optimizer = optim.AdamW([weight], 0.1);
        SetGradient(weight, 0);
        optimizer.step();

        TensorAssert.Close([1.0, 1.0], weight, 0);
    }

    [Fact]
    public void Groups_have_their_own_options_and_take_the_rest_from_the_optimizer()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Weight(), Weight());
        using var optimizer = SGD(
            [
                new SGD.ParamGroup { Parameters = [first] },
                new SGD.ParamGroup([second], new SGD.Options { LearningRate = 0.5 }),
            ],
            0.1);
        SetGradient(first, 1);
        SetGradient(second, 1);
        optimizer.step();

        TensorAssert.Close([0.9, 0.9], first, 1e-12);
        TensorAssert.Close([0.5, 0.5], second, 1e-12);
        Assert.Equal([0.1, 0.5], optimizer.ParamGroups.Select(group => group.LearningRate));
        Assert.Equal([0.1, 0.5], optimizer.ParamGroups.Select(group => group.InitialLearningRate));

        foreach (var group in optimizer.ParamGroups) group.LearningRate = 0;
        optimizer.step();
        TensorAssert.Close([0.5, 0.5], second, 1e-12);
    }

    [Fact]
    public void A_parameter_without_a_gradient_is_left()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Weight(), Weight());
        using var optimizer = optim.AdamW([first, second], 0.1, weight_decay: 0.5);
        SetGradient(first, 1);
        optimizer.step();

        TensorAssert.Close([1.0, 1.0], second, 0);
        Assert.Equal(0, ((AdamW.State)optimizer.state_dict().State[1]).step);
    }

    [Fact]
    public void Gradients_are_zeroed_in_place()
    {
        using var scope = NewDisposeScope();
        var weight = Weight();
        using var optimizer = SGD([weight], 0.1);
        SetGradient(weight, 1);
        optimizer.zero_grad();

        TensorAssert.Close([0.0, 0.0], weight.grad!);
    }

    [Fact]
    public void A_closure_is_run_with_gradients_and_its_loss_returned()
    {
        using var scope = NewDisposeScope();
        var weight = Weight();
        using var optimizer = SGD([weight], 0.25);
        using var guard = no_grad();
        var loss = optimizer.step(() =>
        {
            var value = weight.square().sum();
            value.backward();
            return value;
        });

        Assert.Equal(2.0, loss.item<double>(), 1e-12);
        TensorAssert.Close([0.5, 0.5], weight, 1e-12);
    }

    [Fact]
    public void A_loaded_state_continues_as_the_original()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Weight(), Weight());
        using var original = optim.AdamW([first], 0.1, weight_decay: 0.1, amsgrad: true);
        using var restored = optim.AdamW([second], 0.3, amsgrad: true);
        SetGradient(first, 1);
        original.step();
        second.detach().copy_(first.detach());
        restored.load_state_dict(original.state_dict());
        SetGradient(first, -2);
        SetGradient(second, -2);
        original.step();
        restored.step();

        TensorAssert.Close(first, second, 1e-12);
        Assert.True(original.state_dict().State[0].ApproximatelyEquals(restored.state_dict().State[0]));
        Assert.Equal(0.1, restored.ParamGroups.Single().LearningRate);
    }

    [Fact]
    public void A_saved_state_is_loaded_by_the_same_optimizer_only()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (Weight(), Weight());
        using var original = optim.AdamW([first], 0.1);
        using var restored = optim.AdamW([second], 0.2);
        SetGradient(first, 1);
        original.step();
        using var stream = new MemoryStream();
        original.save_state_dict(new BinaryWriter(stream));

        stream.Position = 0;
        restored.load_state_dict(new BinaryReader(stream));
        Assert.True(original.state_dict().State[0].ApproximatelyEquals(restored.state_dict().State[0]));

        stream.Position = 0;
        using var other = SGD([second], 0.1);
        Assert.Throws<InvalidDataException>(() => other.load_state_dict(new BinaryReader(stream)));
    }

    [Fact]
    public void A_state_with_other_groups_is_refused()
    {
        using var scope = NewDisposeScope();
        using var one = optim.AdamW([Weight()]);
        using var two = optim.AdamW([new AdamW.ParamGroup { Parameters = [Weight()] }, new AdamW.ParamGroup { Parameters = [Weight()] }]);

        Assert.Throws<ArgumentException>(() => one.load_state_dict(two.state_dict()));
    }

    [Fact]
    public void Wrong_options_are_refused()
    {
        using var weight = Weight();

        Assert.Throws<ArgumentException>(() => optim.AdamW([weight], lr: -1));
        Assert.Throws<ArgumentException>(() => optim.AdamW([weight], beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.AdamW([weight], weight_decay: -0.1));
        Assert.Throws<ArgumentException>(() => SGD([weight], -0.1));
    }
}
