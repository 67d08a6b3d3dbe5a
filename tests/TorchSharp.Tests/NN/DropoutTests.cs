using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class DropoutTests
{
    [Fact]
    public void Dropout_zeroes_and_rescales_in_training_only()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        using var layer = Dropout(0.25);
        var input = ones(10000);
        var values = TensorAssert.Values(layer.call(input));

        Assert.All(values, value => Assert.True(value == 0 || Math.Abs(value - (1 / 0.75)) < 1e-6));
        Assert.InRange(values.Count(value => value == 0), 2300, 2700);

        layer.eval();
        TensorAssert.Close(input, layer.call(input), 0);
    }

    [Fact]
    public void Dropout_of_features_zeroes_whole_channels()
    {
        using var scope = NewDisposeScope();
        manual_seed(1);
        foreach (var (layer, shape) in new (Module<Tensor, Tensor>, long[])[]
        {
            (Dropout1d(0.5), [8, 16, 3]), (Dropout2d(0.5), [8, 16, 3, 2]), (Dropout3d(0.5), [8, 16, 3, 2, 2]),
        })
        {
            using (layer)
            {
                var output = layer.call(ones(shape)).flatten(2);
                Assert.Equal(shape[..2], output.amax([2]).shape);
                TensorAssert.Close(output.amax([2]), output.amin([2]), 0);
                Assert.InRange(TensorAssert.Values(output.amax([2])).Count(value => value == 0), 32, 96);
            }
        }
    }

    [Fact]
    public void The_result_in_evaluation_can_be_disposed_without_its_input()
    {
        using var layer = Dropout();
        layer.eval();
        using var input = ones(2);
        layer.call(input).Dispose();

        TensorAssert.Close([1.0, 1.0], input);
    }
}
