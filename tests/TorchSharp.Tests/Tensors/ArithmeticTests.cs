using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class ArithmeticTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();
    private readonly Tensor a;
    private readonly Tensor b;

    public ArithmeticTests()
    {
        a = tensor(new[] { 1f, -2, 4 });
        b = tensor(new[] { 2f, 4, 8 });
    }

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Operators_work_element_by_element()
    {
        (a + b).AssertValues(3, 2, 12);
        (a - b).AssertValues(-1, -6, -4);
        (a * b).AssertValues(2, -8, 32);
        (a / b).AssertValues(0.5, -0.5, 0.5);
        (-a).AssertValues(-1, 2, -4);
        (b % 3).AssertValues(2, 1, 2);
    }

    [Fact]
    public void Numbers_stand_on_either_side()
    {
        (a + 1).AssertValues(2, -1, 5);
        (1 - a).AssertValues(0, 3, -3);
        (2 * a).AssertValues(2, -4, 8);
        (8 / b).AssertValues(4, 2, 1);
        (a * 0.5).AssertValues(0.5, -1, 2);
        (10f - a).AssertValues(9, 12, 6);
    }

    [Fact]
    public void Alpha_scales_what_is_added() => a.add(b, 0.5).AssertValues(2, 0, 8);

    [Fact]
    public void Comparisons_give_bools()
    {
        Tensor larger = b > a;
        Assert.Equal(ScalarType.Bool, larger.dtype);
        larger.AssertValues(1, 1, 1);
        (a < 0).AssertValues(0, 1, 0);
        (a == tensor(new[] { 1f, 0, 4 })).AssertValues(1, 0, 1);
        (a != 4).AssertValues(1, 1, 0);
        (a >= 1).AssertValues(1, 0, 1);
        (0 <= a).AssertValues(1, 0, 1);
    }

    [Fact]
    public void Bits_and_logic()
    {
        Tensor left = tensor(new[] { true, true, false }), right = tensor(new[] { true, false, false });
        (left & right).AssertValues(1, 0, 0);
        (left | right).AssertValues(1, 1, 0);
        (left ^ right).AssertValues(0, 1, 0);
        (~right).AssertValues(0, 1, 1);
        left.logical_and(right).AssertValues(1, 0, 0);
        logical_not(right).AssertValues(0, 1, 1);
    }

    [Fact]
    public void Shapes_broadcast() => (tensor(new[] { 1f, 2 }).unsqueeze(1) * tensor(new[] { 10f, 20, 30 })).AssertValues(10, 20, 30, 20, 40, 60);

    [Fact]
    public void Division_can_round()
    {
        Tensor seven = tensor(new[] { 7f, -7 });
        seven.div(2, RoundingMode.floor).AssertValues(3, -4);
        seven.div(2, RoundingMode.trunc).AssertValues(3, -3);
        seven.floor_divide(tensor(2f)).AssertValues(3, -4);
        seven.remainder(4).AssertValues(3, 1);
        seven.fmod(4).AssertValues(3, -3);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void Elementary_functions_agree_with_Math(double x)
    {
        Tensor value = tensor(x);
        void Same(double expected, Tensor actual) => Assert.Equal(expected, actual.item<double>(), 12);
        Same(Math.Exp(x), value.exp());
        Same(Math.Log(x), value.log());
        Same(Math.Log2(x), log2(value));
        Same(Math.Sqrt(x), value.sqrt());
        Same(1 / Math.Sqrt(x), rsqrt(value));
        Same(Math.Sin(x), sin(value));
        Same(Math.Cos(x), value.cos());
        Same(Math.Tanh(x), value.tanh());
        Same(Math.Atan2(x, 2), atan2(value, tensor(2.0)));
        Same(1 / (1 + Math.Exp(-x)), value.sigmoid());
        Same(Math.Pow(x, 3), value.pow(3));
        Same(Math.Pow(x, 1.5), pow(value, tensor(1.5)));
        Same(x * x, value.square());
        Same(1 / x, value.reciprocal());
    }

    [Fact]
    public void Rounding_and_signs()
    {
        Tensor values = tensor(new[] { -1.5, 0.4, 2.5 });
        values.floor().AssertValues(-2, 0, 2);
        values.ceil().AssertValues(-1, 1, 3);
        values.round().AssertValues(-2, 0, 2);
        values.trunc().AssertValues(-1, 0, 2);
        values.abs().AssertValues(1.5, 0.4, 2.5);
        values.sign().AssertValues(-1, 1, 1);
        tensor(1.2345).round(2).AssertValues(1.23);
    }

    [Fact]
    public void Clamp_takes_either_bound_or_both()
    {
        a.clamp(0, 2).AssertValues(1, 0, 2);
        a.clamp(min: 0).AssertValues(1, 0, 4);
        a.clamp(max: 0).AssertValues(0, -2, 0);
        a.clamp_min(0).AssertValues(1, 0, 4);
        a.clamp(tensor(new[] { 2f, 0, 0 }), tensor(new[] { 3f, 1, 1 })).AssertValues(2, 0, 1);
    }

    [Fact]
    public void Addcmul_addcdiv_and_lerp()
    {
        a.addcmul(b, b, 0.5).AssertValues(3, 6, 36);
        a.addcdiv(b, b, 2).AssertValues(3, 0, 6);
        lerp(zeros(3), b, full(3, 0.25f)).AssertValues(0.5, 1, 2);
    }

    [Fact]
    public void Maximum_and_minimum_are_element_by_element()
    {
        maximum(a, zeros(3)).AssertValues(1, 0, 4);
        minimum(a, zeros(3)).AssertValues(0, -2, 0);
    }

    [Fact]
    public void Not_a_number_and_infinities_are_found()
    {
        Tensor odd = tensor(new[] { double.NaN, double.PositiveInfinity, 1 });
        odd.isnan().AssertValues(1, 0, 0);
        odd.isinf().AssertValues(0, 1, 0);
        isfinite(odd).AssertValues(0, 0, 1);
        odd.nan_to_num(nan: 5, posinf: 6).AssertValues(5, 6, 1);
    }

    [Fact]
    public void Equality_of_whole_tensors()
    {
        Assert.True(a.Equals(a.clone()));
        Assert.False(a.Equals(b));
        Assert.True(a.allclose(a + 1e-7));
        Assert.False(a.allclose(b));
        Assert.Equal(ScalarType.Bool, a.equal(b).dtype);
    }

    [Fact]
    public void Types_are_promoted_as_in_Python()
    {
        Assert.Equal(ScalarType.Float32, (tensor(new[] { 1 }) + tensor(new[] { 1f })).dtype);
        Assert.Equal(ScalarType.Int64, (tensor(new[] { 1 }) + tensor(new[] { 1L })).dtype);
        Assert.Equal(ScalarType.Float32, (tensor(new[] { 1 }) * 2.5).dtype);
        Assert.Equal(ScalarType.Float32, (a + 1.0).dtype);
        Assert.Equal(ScalarType.Float32, (tensor(new[] { 3 }) / tensor(new[] { 2 })).dtype);
        Assert.Equal(ScalarType.Float64, (a + tensor(new[] { 1.0, 2, 3 })).dtype);
        Assert.Equal(ScalarType.Float32, (a + tensor(1.0)).dtype);
        Assert.Equal(ScalarType.Float32, result_type(a, tensor(1.0)));
    }
}
