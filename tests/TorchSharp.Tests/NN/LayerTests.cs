using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class LayerTests
{
    [Fact]
    public void A_linear_layer_multiplies_by_the_transposed_weight()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(3, 2);
        var input = randn(5, 4, 3);

        TensorAssert.Close(input.matmul(layer.weight.t()) + layer.bias!, layer.call(input));
        Assert.Equal((3, 2), (layer.in_features, layer.out_features));
    }

    [Fact]
    public void A_linear_layer_draws_its_weight_and_then_its_bias()
    {
        using var scope = NewDisposeScope();
        manual_seed(3);
        using var layer = Linear(4, 3);
        manual_seed(3);

        TensorAssert.Close(empty(3, 4).uniform_(-0.5, 0.5), layer.weight, 1e-7);
        TensorAssert.Close(empty(3).uniform_(-0.5, 0.5), layer.bias!, 1e-7);
    }

    [Fact]
    public void A_linear_layer_without_bias_has_one_parameter()
    {
        using var layer = Linear(3, 2, hasBias: false);

        Assert.Null(layer.bias);
        Assert.Equal(["weight"], layer.named_parameters().Select(entry => entry.name));
    }

    [Fact]
    public void Setting_a_weight_replaces_the_parameter()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(2, 1);
        layer.weight = Parameter(tensor(new float[,] { { 2, 3 } }));
        layer.bias = Parameter(zeros(1));

        TensorAssert.Close([5.0], layer.call(ones(2)));
        TensorAssert.Close([2.0, 3.0], layer.get_parameter("weight")!);
    }

    [Fact]
    public void An_embedding_returns_rows()
    {
        using var scope = NewDisposeScope();
        using var layer = Embedding(5, 3);
        var index = tensor(new long[] { 4, 0, 4 });

        TensorAssert.Close(layer.weight!.index_select(0, index), layer.call(index), 0);
    }

    [Fact]
    public void The_padding_row_of_an_embedding_is_zero_and_gets_no_gradient()
    {
        using var scope = NewDisposeScope();
        using var layer = Embedding(3, 2, padding_idx: 1);
        TensorAssert.Close([0.0, 0.0], layer.weight![1]);

        layer.call(tensor(new long[] { 0, 1 })).sum().backward();
        TensorAssert.Close([1.0, 1.0, 0.0, 0.0, 0.0, 0.0], layer.weight.grad!);
    }

    [Fact]
    public void Pretrained_embeddings_are_frozen_by_default()
    {
        using var scope = NewDisposeScope();
        var table = randn(4, 2);
        using var layer = Embedding_from_pretrained(table);

        Assert.False(layer.weight!.requires_grad);
        Assert.Equal(new long[] { 2, 2 }, layer.call(tensor(new long[] { 1, 3 })).shape);
    }

    [Fact]
    public void Shapes_are_flattened_and_restored()
    {
        using var scope = NewDisposeScope();
        using var flatten = Flatten();
        using var unflatten = Unflatten(1, [3, 4]);
        var input = randn(2, 3, 4);

        Assert.Equal(new long[] { 2, 12 }, flatten.call(input).shape);
        TensorAssert.Close(input, unflatten.call(flatten.call(input)), 0);
    }

    [Fact]
    public void Pixels_are_shuffled_between_channels_and_planes()
    {
        using var scope = NewDisposeScope();
        using var shuffle = PixelShuffle(2);
        using var unshuffle = PixelUnshuffle(2);
        var input = TensorAssert.Ramp(1, 1, 4, 1, 1);

        TensorAssert.Close([0.0, 1.0, 2.0, 3.0], shuffle.call(input).view(-1));
        TensorAssert.Close(input, unshuffle.call(shuffle.call(input)), 0);
    }

    [Fact]
    public void A_sequence_chains_its_modules_and_can_be_sliced()
    {
        using var scope = NewDisposeScope();
        using var network = Sequential(("a", Linear(2, 3)), ("b", ReLU()), ("c", Linear(3, 1)));
        var input = randn(4, 2);
        var hidden = functional.relu(network[0].call(input));

        TensorAssert.Close(network[2].call(hidden), network.call(input));
        TensorAssert.Close(hidden, network[(0, 2)].call(input));
        Assert.Equal(3, network.Count);
    }

    [Fact]
    public void An_empty_sequence_returns_another_handle_of_its_input()
    {
        using var empty = Sequential();
        using var input = ones(1);
        using (var output = empty.call(input)) TensorAssert.Close([1.0], output);

        Assert.False(input.IsInvalid);
    }

    [Fact]
    public void A_sequence_names_its_modules_by_number()
    {
        using var network = Sequential(Linear(1, 1, false), Linear(1, 1, false)).append(Linear(1, 1, false));

        Assert.Equal(["0.weight", "1.weight", "2.weight"], network.named_parameters().Select(entry => entry.name));
    }

    [Fact]
    public void A_dictionary_of_modules_registers_its_keys()
    {
        using var owner = new DictionaryOwner();

        Assert.Equal(["heads.a.weight", "heads.b.weight"], owner.named_parameters().Select(entry => entry.name));
        Assert.True(owner.heads.ContainsKey("a"));
        Assert.Equal(2, owner.heads.Count);
    }

    private sealed class DictionaryOwner : Module<Tensor, Tensor>
    {
        public readonly Modules.ModuleDict<Modules.Linear> heads = ModuleDict(("a", Linear(1, 1, false)), ("b", Linear(1, 1, false)));

        public DictionaryOwner()
            : base(nameof(DictionaryOwner)) => RegisterComponents();

        public override Tensor forward(Tensor input) => heads["a"].call(input);
    }
}
