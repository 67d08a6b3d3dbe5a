using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Tensors;

public sealed class DataTests : IDisposable
{
    private readonly DisposeScope scope = NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Data_reads_in_row_major_order_whatever_the_strides()
    {
        Tensor transposed = arange(6).view(2, 3).t();
        Assert.Equal([0L, 3, 1, 4, 2, 5], transposed.data<long>().ToArray());
        Assert.Equal([0L, 3, 1, 4, 2, 5], transposed.data<long>());
        Assert.Equal(4, transposed.data<long>()[1, 1]);
        Assert.Equal(6, transposed.data<long>().Count);
    }

    [Fact]
    public void Data_writes_through()
    {
        Tensor tensor = zeros(2, 2);
        tensor.data<float>()[1, 0] = 5;
        tensor.AssertValues(0, 0, 5, 0);
        tensor.t().data<float>().CopyFrom(new float[] { 1, 2, 3, 4 });
        tensor.AssertValues(1, 3, 2, 4);
    }

    [Fact]
    public void Data_of_another_type_is_an_argument_error()
    {
        Assert.Throws<ArgumentException>(() => zeros(2).data<double>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
        Assert.Throws<ArgumentException>(() => zeros(1, dtype: int32).item<long>());
    }

    [Fact]
    public void Bytes_are_the_elements_in_memory()
    {
        Tensor tensor = torch.tensor(new[] { 1f, -2 });
        Assert.Equal(8, tensor.bytes.Length);
        Assert.Equal([1f, -2], MemoryMarshal.Cast<byte, float>(tensor.bytes).ToArray());
        tensor.bytes = new byte[8];
        tensor.AssertValues(0, 0);
        MemoryMarshal.Cast<byte, float>(tensor.bytes)[1] = 3;
        tensor.AssertValues(0, 3);
    }

    [Fact]
    public void Bytes_of_a_strided_tensor_are_refused() => Assert.Throws<InvalidOperationException>(() => zeros(2, 3).t().bytes.Length);

    [Fact]
    public void Bytes_go_through_a_stream()
    {
        Tensor source = arange(1000), target = zeros(1000, dtype: int64);
        using var stream = new MemoryStream();
        source.WriteBytesToStream(stream);
        Assert.Equal(8000, stream.Length);
        stream.Position = 0;
        target.ReadBytesFromStream(stream);
        Assert.True(source.Equals(target));
        Assert.Throws<EndOfStreamException>(() => target.ReadBytesFromStream(stream));
    }

    [Fact]
    public void Save_and_load_keep_type_shape_and_values()
    {
        Tensor source = randn(2, 3, dtype: float64);
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        source.Save(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        Tensor loaded = Tensor.Load(reader);
        Assert.Equal(ScalarType.Float64, loaded.dtype);
        Assert.True(source.Equals(loaded));
    }

    [Fact]
    public void Conversions_of_type()
    {
        Tensor tensor = torch.tensor(new[] { 1.9f, -1.9f });
        tensor.to(int64).AssertValues(1, -1);
        tensor.to_type(ScalarType.Int32).AssertValues(1, -1);
        Assert.Equal(ScalarType.Float64, tensor.@double().dtype);
        Assert.Equal(ScalarType.Float16, tensor.half().dtype);
        Assert.Equal(ScalarType.BFloat16, tensor.bfloat16().dtype);
        Assert.Equal(ScalarType.Int64, tensor.@long().dtype);
        Assert.Equal(ScalarType.Bool, tensor.@bool().dtype);
        Assert.Equal(ScalarType.Float64, tensor.type_as(zeros(1, dtype: float64)).dtype);
        tensor.bfloat16().@float().AssertClose(0.01, 1.9, -1.9);
    }

    [Fact]
    public void A_conversion_to_the_same_type_shares_unless_a_copy_is_asked_for()
    {
        Tensor tensor = zeros(1);
        tensor.to(float32).fill_(1);
        tensor.AssertValues(1);
        tensor.to(float32, copy: true).fill_(2);
        tensor.AssertValues(1);
    }

    [Fact]
    public void Scalars_come_out_in_any_type()
    {
        Tensor tensor = torch.tensor(2.5);
        Assert.Equal(2.5, tensor.ToDouble());
        Assert.Equal(2.5f, tensor.ToSingle());
        Assert.Equal(2, tensor.ToInt32());
        Assert.Equal(2.5, tensor.ToScalar().ToDouble());
        Assert.Equal(2.5f, (float)tensor);
        Assert.True(torch.tensor(true).ToBoolean());
        Assert.Equal(7, torch.tensor(7L).item<long>());
        Assert.Equal((Half)2, torch.tensor(new[] { (Half)2 }).item<Half>());
    }

    [Fact]
    public void Properties_describe_the_tensor()
    {
        Tensor tensor = zeros(2, 3, dtype: float64);
        Assert.Equal(2, tensor.ndim);
        Assert.Equal(6, tensor.NumberOfElements);
        Assert.Equal(8, tensor.ElementSize);
        Assert.Equal(3, tensor.size(-1));
        Assert.Equal(3, tensor.stride(0));
        Assert.False(tensor.is_cuda);
        Assert.True(tensor.is_floating_point());
        Assert.False(tensor.is_complex());
        Assert.True(zeros(1, dtype: int64).is_integral());
        Assert.Equal("cpu", tensor.device.ToString());
        Assert.Equal("[2x3], type = Float64, device = cpu", tensor.ToString());
    }

    [Fact]
    public void A_dimension_out_of_range_is_an_error() => Assert.Throws<ExternalException>(() => zeros(2).size(1));

    [Fact]
    public void Limits_of_types()
    {
        Assert.Equal(float.MaxValue, finfo(float32).max);
        Assert.Equal(65504, finfo(float16).max);
        Assert.Equal(Math.Pow(2, -52), finfo(float64).eps);
        Assert.Equal(3.3895313892515355e38, finfo(bfloat16).max);
        Assert.Equal(2, bfloat16.ElementSize());
    }

    [Fact]
    public void Devices_are_parsed()
    {
        Assert.Equal(DeviceType.CUDA, new Device("cuda:1").type);
        Assert.Equal(1, new Device("cuda:1").index);
        Assert.Equal("cuda:1", new Device("cuda", 1).ToString());
        Assert.Equal(DeviceType.CPU, device("cpu").type);
        Assert.Equal(cuda.is_available(), cuda.device_count() > 0);
    }
}
