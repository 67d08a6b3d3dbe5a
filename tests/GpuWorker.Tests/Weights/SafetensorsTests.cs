using System.Buffers.Binary;
using System.Text;
using CloudPipe.GpuWorker.Weights;
using CloudPipe.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests.Weights;

[Collection(TorchCollection.Name)]
public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Every_type_comes_back_as_it_went(ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor matrix = arange(0, 24, dtype: ScalarType.Float32).reshape(2, 3, 4).to_type(type);
        var tensors = new Dictionary<string, Tensor> { ["matrix"] = matrix, ["transposed"] = matrix.transpose(0, 2), ["scalar"] = matrix[1, 2, 3], ["empty"] = zeros([0, 5], dtype: type) };

        SafetensorsWriter.Write(folder.File("a.safetensors"), tensors, new Dictionary<string, string> { ["format"] = "pt" });

        using WeightsFile reader = WeightsFile.Open(folder.File("a.safetensors"));
        Assert.Equal("pt", reader.Metadata["format"]);
        Assert.Equal(tensors.Keys.Order(), reader.Entries.Select(entry => entry.Key).Order());
        foreach ((string key, Tensor expected) in tensors)
        {
            Tensor actual = reader.Read(key);
            Assert.Equal(expected.dtype, actual.dtype);
            Assert.Equal(expected.shape, actual.shape);
            Assert.True(expected.NumberOfElements == 0 || expected.eq(actual).all().item<bool>());
        }
    }

    [Fact]
    public void A_file_of_the_reference_implementation_is_read()
    {
        // What safetensors 0.4 writes for {"b": tensor([1, 2], int32), "a": tensor([[0.5]], float32)}.
        Store("""{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"b":{"dtype":"I32","shape":[2],"data_offsets":[4,12]}}  """, [0, 0, 0, 0x3f, 1, 0, 0, 0, 2, 0, 0, 0]);

        using WeightsFile reader = WeightsFile.Open(folder.File("x.safetensors"));
        using Tensor a = reader.Read("a");
        using Tensor b = reader.Read("b");
        Assert.Equal([1, 1], a.shape);
        Assert.Equal(0.5f, a.data<float>().Single());
        Assert.Equal([1, 2], b.data<int>());
    }

    [Fact]
    public void The_same_tensors_give_the_same_bytes_in_any_order()
    {
        using DisposeScope scope = NewDisposeScope();
        var tensors = new Dictionary<string, Tensor> { ["b"] = ones(3), ["a"] = zeros(2, dtype: ScalarType.Int64), ["c"] = ones(1, dtype: ScalarType.Byte) };

        SafetensorsWriter.Write(folder.File("1"), tensors);
        SafetensorsWriter.Write(folder.File("2"), tensors.Reverse());

        Assert.Equal(File.ReadAllBytes(folder.File("1")), File.ReadAllBytes(folder.File("2")));
        Assert.Equal(["1", "2"], Directory.EnumerateFiles(folder.FullPath).Select(Path.GetFileName).Order());
        Assert.Equal(0, BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(folder.File("1"))) % 8);
    }

    [Theory]
    [InlineData("", "no JSON object")]
    [InlineData("[]", "no JSON object")]
    [InlineData("{", "no valid JSON")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "needs 12 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", "outside of the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}""", "outside of the file")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}""", "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "4 bytes after")]
    [InlineData("""{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,8]}}""", "dtype 'F4'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1,-2],"data_offsets":[0,8]}}""", "shape that is no list")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "impossible shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "shape that is no list")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "lacks")]
    [InlineData("""{"a":[]}""", "lacks")]
    [InlineData("""{"__metadata__":{"a":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "no text")]
    public void A_false_header_is_refused_with_the_reason(string header, string reason)
    {
        Store(header, new byte[8]);

        var exception = Assert.Throws<WeightsException>(() => WeightsFile.Open(folder.File("x.safetensors")));

        Assert.Contains("x.safetensors", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData((ulong)long.MaxValue)]
    [InlineData(100_000_001UL)]
    [InlineData(1000UL)]
    public void A_header_longer_than_the_file_is_refused(ulong length)
    {
        byte[] file = new byte[64];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);
        File.WriteAllBytes(folder.File("x.safetensors"), file);

        Assert.Contains("more than there are", Assert.Throws<WeightsException>(() => WeightsFile.Open(folder.File("x.safetensors"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_off_anywhere_is_refused()
    {
        byte[] whole = Sample();
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(folder.File("x.safetensors"), whole[..length]);
            Assert.Throws<WeightsException>(() => WeightsFile.Open(folder.File("x.safetensors")));
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Assert.Contains("absent.safetensors", Assert.Throws<WeightsException>(() => WeightsFile.Open(folder.File("absent.safetensors"))).Message, StringComparison.Ordinal);
    }

    private void Store(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        File.WriteAllBytes(folder.File("x.safetensors"), [.. length, .. text, .. data]);
    }

    private byte[] Sample()
    {
        using DisposeScope scope = NewDisposeScope();
        SafetensorsWriter.Write(folder.File("s"), new Dictionary<string, Tensor> { ["weight"] = ones(2, 3), ["bias"] = zeros(3, dtype: ScalarType.Float16), ["count"] = tensor(7L) });
        return File.ReadAllBytes(folder.File("s"));
    }
}
