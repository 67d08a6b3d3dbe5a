using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class ModuleRegistrationTests
{
    private sealed class Block : Module<Tensor, Tensor>
    {
        private readonly Conv2d conv = Conv2d(2, 3, 3, bias: false);
        private readonly BatchNorm2d norm = BatchNorm2d(3);
        private readonly Linear head = Linear(3, 4);
        private readonly Parameter scale = Parameter(ones(3));
        [ComponentName(Name = "renamed")]
        private readonly Linear _other = Linear(2, 2, hasBias: false);

        public Block()
            : base(nameof(Block))
        {
            register_buffer("kept", zeros(2));
            register_buffer("dropped", zeros(2), persistent: false);
            RegisterComponents();
        }

        public Parameter Scale => scale;

        public override Tensor forward(Tensor input) => head.call(norm.call(conv.call(input)).mean([2, 3]) * scale);
    }

    private sealed class Lists : Module<Tensor, Tensor>
    {
        private readonly ModuleList<Linear> layers = ModuleList(Linear(1, 1, false), Linear(1, 1, false));
        private readonly ParameterList weights = new(Parameter(ones(1)), Parameter(ones(2)));

        public Lists()
            : base(nameof(Lists)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var current = input.alias();
            foreach (var layer in layers) current = layer.call(current);
            return current * weights[0];
        }
    }

    [Fact]
    public void The_state_lists_all_parameters_and_then_all_persistent_buffers()
    {
        using var block = new Block();

        Assert.Equal(Order, block.state_dict().Keys);
    }

    private static readonly List<string> Order =
    [
        "scale", "conv.weight", "norm.weight", "norm.bias", "head.weight", "head.bias", "renamed.weight",
        "kept", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked",
    ];

    [Fact]
    public void Children_come_in_the_order_of_the_fields()
    {
        using var block = new Block();

        Assert.Equal(["conv", "norm", "head", "renamed"], block.named_children().Select(child => child.name));
    }

    [Fact]
    public void A_buffer_that_is_not_persistent_is_found_by_name_but_not_listed()
    {
        using var block = new Block();

        Assert.True(block.has_buffer("dropped"));
        Assert.DoesNotContain(block.named_buffers(), entry => entry.name == "dropped");
    }

    [Fact]
    public void Parameters_and_buffers_are_found_by_dotted_names()
    {
        using var block = new Block();

        Assert.Same(block.Scale, block.get_parameter("scale"));
        Assert.Equal(new long[] { 4, 3 }, block.get_parameter("head.weight")!.shape);
        Assert.Equal(new long[] { 3 }, block.get_buffer("norm.running_var")!.shape);
        Assert.False(block.has_parameter("head.scale"));
        Assert.Null(block.get_buffer("conv.running_var"));
    }

    [Fact]
    public void A_name_is_registered_once_and_without_dots()
    {
        using var block = new Block();

        Assert.Throws<InvalidOperationException>(() => block.register_buffer("kept", zeros(1)));
        Assert.Throws<InvalidOperationException>(() => block.register_parameter("scale", Parameter(zeros(1))));
        Assert.Throws<InvalidOperationException>(() => block.register_module("head", Linear(1, 1)));
        Assert.Throws<ArgumentException>(() => block.register_module("a.b", Linear(1, 1)));
    }

    [Fact]
    public void Lists_number_their_entries()
    {
        using var lists = new Lists();

        Assert.Equal(
            ["layers.0.weight", "layers.1.weight", "weights.0", "weights.1"],
            lists.named_parameters().Select(entry => entry.name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_shared_parameter_is_listed_once()
    {
        var layer = Linear(2, 2);
        using var both = Sequential(("first", layer), ("second", layer));

        Assert.Equal(["first.weight", "first.bias"], both.named_parameters().Select(entry => entry.name).OrderByDescending(name => name));
    }

    [Fact]
    public void Modules_are_listed_level_by_level_below_each_child()
    {
        using var network = Sequential(("a", Sequential(("x", ReLU()), ("y", Linear(1, 1)))), ("b", Identity()));

        Assert.Equal(["a", "b", "a.x", "a.y"], network.named_modules().Select(entry => entry.name));
        Assert.Equal(["a", "b"], network.named_children().Select(entry => entry.name));
    }

    [Fact]
    public void Apply_visits_the_children_before_the_module()
    {
        using var network = Sequential(("a", Linear(1, 1)), ("b", ReLU()));
        var visited = new List<string>();
        network.apply(module => visited.Add(module.GetType().Name));

        Assert.Equal(["Linear", "ReLU", "Sequential"], visited);
    }

    [Fact]
    public void Disposing_a_module_disposes_its_parameters_and_children()
    {
        var block = new Block();
        var weight = block.get_parameter("head.weight")!;
        block.Dispose();

        Assert.True(weight.IsInvalid);
        Assert.True(block.Scale.IsInvalid);
    }

    [Fact]
    public void Hooks_see_and_replace_inputs_and_results()
    {
        using var scope = NewDisposeScope();
        using var identity = Identity();
        var before = identity.register_forward_pre_hook((_, input) => input + 1);
        identity.register_forward_hook((_, _, output) => output * 2);
        TensorAssert.Close([4.0], identity.call(ones(1)));

        before.remove();
        TensorAssert.Close([2.0], identity.call(ones(1)));
    }
}
