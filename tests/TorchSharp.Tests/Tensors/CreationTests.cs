using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class CreationTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Zeros_and_ones_have_the_asked_shape_and_float32_by_default()
    {
        Tensor tensor = zeros(2, 3);
        Assert.Equal([2L, 3L], tensor.shape);
        Assert.Equal(ScalarType.Float32, tensor.dtype);
        Assert.Equal(DeviceType.CPU, tensor.device.type);
        tensor.AssertValues(0, 0, 0, 0, 0, 0);
        ones(2, dtype: int64).AssertValues(1, 1);
    }

    [Fact]
    public void A_shape_may_come_as_an_array() => Assert.Equal([4L, 1L, 2L], zeros(new long[] { 4, 1, 2 }).shape);

    [Fact]
    public void Full_takes_the_type_from_the_value()
    {
        Assert.Equal(ScalarType.Int64, full(2, 7).dtype);
        Assert.Equal(ScalarType.Float32, full(2, 7.5).dtype);
        full(new long[] { 2 }, 7.5).AssertValues(7.5, 7.5);
    }

    [Fact]
    public void Arange_of_integers_is_int64_and_of_floats_is_float32()
    {
        Tensor integers = arange(5);
        Assert.Equal(ScalarType.Int64, integers.dtype);
        integers.AssertValues(0, 1, 2, 3, 4);
        Tensor reals = arange(0.0, 1.0, 0.25);
        Assert.Equal(ScalarType.Float32, reals.dtype);
        reals.AssertValues(0, 0.25, 0.5, 0.75);
        arange(2, 8, 3).AssertValues(2, 5);
    }

    [Fact]
    public void Linspace_includes_both_ends() => linspace(0, 1, 5).AssertValues(0, 0.25, 0.5, 0.75, 1);

    [Fact]
    public void Eye_may_be_rectangular() => eye(2, 3).AssertValues(1, 0, 0, 0, 1, 0);

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Bool)]
    public void Every_type_can_be_asked_for(ScalarType type)
    {
        Tensor tensor = ones(3, dtype: type);
        Assert.Equal(type, tensor.dtype);
        tensor.AssertValues(1, 1, 1);
    }

    [Fact]
    public void Arrays_keep_their_element_type()
    {
        Assert.Equal(ScalarType.Float32, tensor(new[] { 1f }).dtype);
        Assert.Equal(ScalarType.Float64, tensor(new[] { 1.0 }).dtype);
        Assert.Equal(ScalarType.Int32, tensor(new[] { 1 }).dtype);
        Assert.Equal(ScalarType.Int64, tensor(new[] { 1L }).dtype);
        Assert.Equal(ScalarType.Int16, tensor(new short[] { 1 }).dtype);
        Assert.Equal(ScalarType.Byte, tensor(new byte[] { 1 }).dtype);
        Assert.Equal(ScalarType.Int8, tensor(new sbyte[] { 1 }).dtype);
        Assert.Equal(ScalarType.Bool, tensor(new[] { true }).dtype);
        Assert.Equal(ScalarType.Float16, tensor(new[] { (Half)1 }).dtype);
    }

    [Fact]
    public void An_array_can_be_converted_on_the_way() => Assert.Equal(ScalarType.Float64, tensor(new[] { 1, 2 }, dtype: float64).dtype);

    [Fact]
    public void A_flat_array_takes_the_given_dimensions()
    {
        Tensor matrix = tensor(new[] { 1f, 2, 3, 4, 5, 6 }, 2, 3);
        Assert.Equal([2L, 3L], matrix.shape);
        Assert.Equal(6, matrix[1, 2].item<float>());
        Assert.Equal([3L, 2L], tensor(new[] { 1f, 2, 3, 4, 5, 6 }, new long[] { 3, 2 }).shape);
    }

    [Fact]
    public void Rectangular_arrays_become_matrices_and_more()
    {
        tensor(new[,] { { 1, 2 }, { 3, 4 } })[1].AssertValues(3, 4);
        Tensor cube = tensor(new float[2, 3, 4]);
        Assert.Equal([2L, 3L, 4L], cube.shape);
        Assert.Equal([1L, 2L, 3L, 4L], tensor(new double[1, 2, 3, 4]).shape);
    }

    [Fact]
    public void Too_few_elements_for_the_dimensions_is_an_argument_error() =>
        Assert.Throws<ArgumentException>(() => tensor(new[] { 1f, 2 }, new long[] { 3 }));

    [Fact]
    public void Tensor_copies_its_array()
    {
        float[] source = [1, 2];
        Tensor copy = tensor(source);
        source[0] = 9;
        copy.AssertValues(1, 2);
    }

    [Fact]
    public void Frombuffer_shares_its_array()
    {
        float[] source = [1, 2, 3];
        Tensor shared = frombuffer(source, ScalarType.Float32);
        source[0] = 9;
        shared.AssertValues(9, 2, 3);
        shared[1] = tensor(7f);
        Assert.Equal(7, source[1]);
        frombuffer(source, ScalarType.Float32, count: 1, offset: 2).AssertValues(3);
    }

    [Fact]
    public void From_array_keeps_rank_and_type()
    {
        Tensor matrix = from_array(new long[,] { { 1, 2, 3 } });
        Assert.Equal([1L, 3L], matrix.shape);
        Assert.Equal(ScalarType.Int64, matrix.dtype);
    }

    [Fact]
    public void Scalars_become_tensors_without_dimensions()
    {
        Tensor scalar = tensor(2.5f);
        Assert.Equal(0, scalar.dim());
        Assert.Equal(1, scalar.numel());
        Assert.Equal(2.5f, scalar.item<float>());
        Assert.Equal(ScalarType.Int64, tensor(3L).dtype);
        Assert.Equal(ScalarType.Bool, tensor(true).dtype);
    }

    [Fact]
    public void Like_forms_take_shape_and_type_from_the_tensor_unless_told_otherwise()
    {
        Tensor model = zeros(2, 2, dtype: float64);
        Assert.Equal(ScalarType.Float64, ones_like(model).dtype);
        Assert.Equal(ScalarType.Int32, zeros_like(model, dtype: int32).dtype);
        full_like(model, 3).AssertValues(3, 3, 3, 3);
        Assert.Equal(ScalarType.Float64, model.new_zeros(5).dtype);
        Assert.Equal([2L, 2L], randn_like(model).shape);
    }

    [Fact]
    public void A_factory_can_ask_for_a_gradient()
    {
        Assert.True(ones(2, requires_grad: true).requires_grad);
        Assert.True(tensor(new[] { 1f }, requires_grad: true).requires_grad);
        Assert.False(ones(2).requires_grad);
    }

    [Fact]
    public void Empty_strided_keeps_the_strides() => Assert.Equal([1L, 2L], empty_strided([2, 3], [1, 2]).stride());

    [Fact]
    public void Meshgrid_spans_rows_and_columns()
    {
        Tensor[] grid = meshgrid([arange(2), arange(3)]);
        grid[0].AssertValues(0, 0, 0, 1, 1, 1);
        grid[1].AssertValues(0, 1, 2, 0, 1, 2);
    }

    [Fact]
    public void Names_of_dimensions_are_refused() => Assert.Throws<NotSupportedException>(() => zeros(2, 3, names: ["rows", "columns"]));
}
