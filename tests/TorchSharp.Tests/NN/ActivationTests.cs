using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Tests.NN;

[Collection(ModulesCollection.Name)]
public sealed class ActivationTests
{
    private static readonly double[] Inputs = [-5, -3, -1.5, -0.5, -0.1, 0, 0.1, 0.5, 1.5, 3, 5, 7];

    public static TheoryData<string> Names => [.. Functions.Keys];

    private static readonly Dictionary<string, (Func<Module<Tensor, Tensor>> module, Func<double, double> function)> Functions = new()
    {
        ["ReLU"] = (() => ReLU(), x => Math.Max(0, x)),
        ["ReLU6"] = (() => ReLU6(), x => Math.Clamp(x, 0, 6)),
        ["LeakyReLU"] = (() => LeakyReLU(0.2), x => x < 0 ? 0.2 * x : x),
        ["LeakyReLU default"] = (() => LeakyReLU(), x => x < 0 ? 0.01 * x : x),
        ["ELU"] = (() => ELU(1.5), x => x < 0 ? 1.5 * (Math.Exp(x) - 1) : x),
        ["CELU"] = (() => CELU(2), x => x < 0 ? 2 * (Math.Exp(x / 2) - 1) : x),
        ["SELU"] = (() => SELU(), x => 1.0507009873554805 * (x < 0 ? 1.6732632423543772 * (Math.Exp(x) - 1) : x)),
        ["SiLU"] = (() => SiLU(), x => x * Sigmoid(x)),
        ["Mish"] = (() => Mish(), x => x * Math.Tanh(Math.Log(1 + Math.Exp(x)))),
        ["Sigmoid"] = (() => nn.Sigmoid(), Sigmoid),
        ["LogSigmoid"] = (() => LogSigmoid(), x => Math.Log(Sigmoid(x))),
        ["Tanh"] = (() => Tanh(), Math.Tanh),
        ["Tanhshrink"] = (() => Tanhshrink(), x => x - Math.Tanh(x)),
        ["Softplus"] = (() => Softplus(), x => Math.Log(1 + Math.Exp(x))),
        ["Softsign"] = (() => Softsign(), x => x / (1 + Math.Abs(x))),
        ["Softshrink"] = (() => Softshrink(0.4), x => x > 0.4 ? x - 0.4 : x < -0.4 ? x + 0.4 : 0),
        ["Hardshrink"] = (() => Hardshrink(0.4), x => Math.Abs(x) > 0.4 ? x : 0),
        ["Hardswish"] = (() => Hardswish(), x => x * Math.Clamp(x + 3, 0, 6) / 6),
        ["Hardsigmoid"] = (() => Hardsigmoid(), x => Math.Clamp(x + 3, 0, 6) / 6),
        ["Hardtanh"] = (() => Hardtanh(-0.5, 2), x => Math.Clamp(x, -0.5, 2)),
        ["Threshold"] = (() => Threshold(0.2, -7), x => x > 0.2 ? x : -7),
        ["PReLU"] = (() => PReLU(1, 0.3), x => x < 0 ? 0.3 * x : x),
        ["Identity"] = (() => Identity(), x => x),
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    [Theory]
    [MemberData(nameof(Names))]
    public void An_activation_has_its_closed_form(string name)
    {
        using var scope = NewDisposeScope();
        var (create, function) = Functions[name];
        using var module = create();
        var input = tensor(Inputs, ScalarType.Float32);

        TensorAssert.Close(Inputs.Select(function).ToArray(), module.call(input), 2e-6);
        TensorAssert.Close(Inputs, input, 1e-7);
    }

    [Fact]
    public void Gelu_is_the_exact_one()
    {
        using var scope = NewDisposeScope();
        using var module = GELU();
        // x * Phi(x) with the distribution function of the normal distribution at 1 and -2.
        TensorAssert.Close([0.8413447460685429, -0.04550026389635842], module.call(tensor(new float[] { 1, -2 })), 1e-6);
    }

    [Fact]
    public void An_activation_in_place_changes_its_input()
    {
        using var scope = NewDisposeScope();
        using var module = ReLU(inplace: true);
        var input = tensor(new float[] { -1, 2 });
        var output = module.call(input);
        output.Dispose();

        TensorAssert.Close([0.0, 2.0], input);
    }

    [Fact]
    public void Softmax_sums_to_one_and_is_the_exponential_of_its_logarithm()
    {
        using var scope = NewDisposeScope();
        var input = randn(3, 4);
        using var softmax = Softmax(1);
        using var logarithm = LogSoftmax(1);
        using var negative = Softmin(1);
        var expected = input.exp() / input.exp().sum(1, keepdim: true);

        TensorAssert.Close(expected, softmax.call(input));
        TensorAssert.Close(expected, logarithm.call(input).exp());
        TensorAssert.Close(expected, negative.call(-input));
        Assert.Equal(ScalarType.Float64, functional.softmax(input, 0, ScalarType.Float64).dtype);
    }

    [Fact]
    public void A_gated_unit_halves_the_dimension()
    {
        using var scope = NewDisposeScope();
        var input = randn(2, 6);
        using var module = GLU();

        TensorAssert.Close(input.narrow(1, 0, 3) * input.narrow(1, 3, 3).sigmoid(), module.call(input));
    }
}
