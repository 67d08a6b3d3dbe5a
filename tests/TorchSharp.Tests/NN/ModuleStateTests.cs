using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class ModuleStateTests
{
    private static Sequential Network() => Sequential(("conv", Conv2d(1, 2, 3)), ("norm", BatchNorm2d(2)), ("act", ReLU()));

    private sealed class Holder : Module<Tensor, Tensor>
    {
        public Parameter factor = Parameter(ones(2));
        public Tensor offset = zeros(2);
        public Tensor index = arange(2, ScalarType.Int64);

        public Holder()
            : base(nameof(Holder)) => RegisterComponents();

        public override Tensor forward(Tensor input) => (input * factor) + offset;
    }

    [Fact]
    public void Loading_copies_every_entry()
    {
        using var source = Network();
        using var target = Network();
        var (missing, unexpected) = target.load_state_dict(source.state_dict());

        Assert.Empty(missing);
        Assert.Empty(unexpected);
        foreach (var (key, value) in target.state_dict()) TensorAssert.Close(source.state_dict()[key], value, 0);
        Assert.False(target.get_parameter("conv.weight")!.is_leaf == false);
    }

    [Fact]
    public void A_strict_load_refuses_missing_and_unexpected_entries()
    {
        using var target = Network();
        var state = target.state_dict();
        state.Remove("conv.bias");
        Assert.Throws<InvalidOperationException>(() => target.load_state_dict(state));

        state = target.state_dict();
        state.Add("extra", zeros(1));
        Assert.Throws<InvalidOperationException>(() => target.load_state_dict(state));
    }

    [Fact]
    public void A_lenient_load_reports_what_did_not_fit()
    {
        using var target = Network();
        var state = target.state_dict();
        state.Remove("conv.bias");
        state.Add("extra", zeros(1));
        var (missing, unexpected) = target.load_state_dict(state, strict: false);

        Assert.Equal(["conv.bias"], missing);
        Assert.Equal(["extra"], unexpected);
    }

    [Fact]
    public void A_skipped_entry_keeps_its_value()
    {
        using var scope = NewDisposeScope();
        using var source = Network();
        using var target = Network();
        var before = target.get_parameter("conv.bias")!.detach().clone();
        target.load_state_dict(source.state_dict(), skip: ["conv.bias"]);

        TensorAssert.Close(before, target.get_parameter("conv.bias")!, 0);
        TensorAssert.Close(source.get_parameter("conv.weight")!, target.get_parameter("conv.weight")!, 0);
    }

    [Fact]
    public void A_wrong_shape_is_refused()
    {
        using var target = Network();
        var state = target.state_dict();
        state["conv.weight"] = zeros(5, 5);

        Assert.ThrowsAny<Exception>(() => target.load_state_dict(state));
    }

    [Fact]
    public void What_is_saved_can_be_loaded()
    {
        using var source = Network();
        using var target = Network();
        var path = Path.GetTempFileName();
        try
        {
            source.save(path);
            var loaded = new Dictionary<string, bool>();
            target.load(path, loadedParameters: loaded);

            Assert.Equal(source.state_dict().Keys.Order(), loaded.Keys.Order());
            Assert.All(loaded.Values, Assert.True);
            foreach (var (key, value) in target.state_dict()) TensorAssert.Close(source.state_dict()[key], value, 0);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_saved_state_of_another_network_is_refused()
    {
        using var source = Sequential(("other", Linear(2, 2)));
        using var target = Network();
        using var stream = new MemoryStream();
        source.save(new BinaryWriter(stream));
        stream.Position = 0;

        Assert.Throws<ArgumentException>(() => target.load(stream));
    }

    [Fact]
    public void Conversion_replaces_parameters_buffers_and_fields()
    {
        using var scope = NewDisposeScope();
        using var holder = new Holder();
        var same = holder.to(ScalarType.Float64);

        Assert.Same(holder, same);
        Assert.Equal(ScalarType.Float64, holder.factor.dtype);
        Assert.Equal(ScalarType.Float64, holder.offset.dtype);
        Assert.Equal(ScalarType.Float64, holder.get_parameter("factor")!.dtype);
        Assert.Equal(ScalarType.Int64, holder.index.dtype);
        Assert.True(holder.factor.requires_grad && holder.factor.is_leaf);
        TensorAssert.Close([3.0, 3.0], holder.call(full([2], 3.0, ScalarType.Float64)));
    }

    [Fact]
    public void Conversion_reaches_the_layers_of_a_sequence()
    {
        using var network = Network();
        network.to(ScalarType.Float64);

        Assert.All(network.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Assert.Equal(ScalarType.Float64, network.get_buffer("norm.running_var")!.dtype);
    }

    [Fact]
    public void Conversion_to_an_integer_type_is_refused()
    {
        using var holder = new Holder();

        Assert.Throws<ArgumentException>(() => holder.to(ScalarType.Int32));
    }

    [Fact]
    public void Training_mode_reaches_every_descendant()
    {
        using var network = Sequential(("inner", Sequential(("drop", Dropout()))), ("norm", BatchNorm1d(2)));
        Assert.True(network.training);

        network.eval();
        Assert.All(network.modules(), module => Assert.False(module.training));

        network.train();
        Assert.All(network.modules(), module => Assert.True(module.training));
    }

    [Fact]
    public void A_layer_outlives_the_scope_that_it_was_made_in()
    {
        Sequential network;
        using (NewDisposeScope()) network = Network();

        using (network)
        using (NewDisposeScope())
        {
            Assert.Equal(new long[] { 1, 2, 3, 3 }, network.call(randn(1, 1, 5, 5)).shape);
            Assert.Equal(1, network.get_buffer("norm.num_batches_tracked")!.item<long>());
        }
    }

    [Fact]
    public void Gradients_are_removed_or_zeroed()
    {
        using var scope = NewDisposeScope();
        using var layer = Linear(2, 1);
        layer.call(ones(1, 2)).sum().backward();
        layer.zero_grad(set_to_none: false);
        TensorAssert.Close([0.0, 0.0], layer.weight.grad!);

        layer.zero_grad();
        Assert.Null(layer.weight.grad);
    }

    [Fact]
    public void Conversion_reaches_the_entries_of_a_list()
    {
        using var owner = new ListOwner();
        owner.to(ScalarType.Float64);

        Assert.Equal(2, owner.parameters().Count());
        Assert.All(owner.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
    }

    // What follows is the package's way, which code that uses it must know.
    [Fact]
    public void Conversion_leaves_a_buffer_that_is_not_persistent()
    {
        using var scope = NewDisposeScope();
        using var holder = new Holder();
        holder.register_buffer("mask", ones(2), persistent: false);
        holder.to(ScalarType.Float64);

        Assert.Equal(ScalarType.Float32, holder.get_buffer("mask")!.dtype);
    }

    [Fact]
    public void Conversion_of_a_dictionary_of_modules_fails_over_its_two_indexers()
    {
        using var dictionary = ModuleDict(("a", Linear(1, 1)));

        Assert.Throws<ArgumentException>(() => dictionary.to(ScalarType.Float64));
    }

    private sealed class ListOwner : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Linear> layers = ModuleList(nn.Linear(1, 1, false), nn.Linear(1, 1, false));

        public ListOwner()
            : base(nameof(ListOwner)) => RegisterComponents();

        public override Tensor forward(Tensor input) => layers[1].call(layers[0].call(input));
    }
}
