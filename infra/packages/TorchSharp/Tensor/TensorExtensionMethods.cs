using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

public static class TensorExtensionMethods
{
    public static float ToSingle(this Tensor value) => value.ToScalar().ToSingle();
    public static double ToDouble(this Tensor value) => value.ToScalar().ToDouble();
    public static sbyte ToSByte(this Tensor value) => value.ToScalar().ToSByte();
    public static byte ToByte(this Tensor value) => value.ToScalar().ToByte();
    public static short ToInt16(this Tensor value) => value.ToScalar().ToInt16();
    public static int ToInt32(this Tensor value) => value.ToScalar().ToInt32();
    public static long ToInt64(this Tensor value) => value.ToScalar().ToInt64();
    public static bool ToBoolean(this Tensor value) => value.ToScalar().ToBoolean();
    public static Half ToHalf(this Tensor value) => value.ToScalar().ToHalf();
    public static (float Real, float Imaginary) ToComplexFloat32(this Tensor value) => value.ToScalar().ToComplexFloat32();
    public static System.Numerics.Complex ToComplexFloat64(this Tensor value) => value.ToScalar().ToComplexFloat64();

    public static int ElementSize(this ScalarType type) => type switch
    {
        ScalarType.Byte or ScalarType.Int8 or ScalarType.Bool => 1,
        ScalarType.Int16 or ScalarType.Float16 or ScalarType.BFloat16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        ScalarType.ComplexFloat64 => 16,
        _ => throw new NotImplementedException(),
    };

    public static Parameter AsParameter(this Tensor tensor) => new(tensor);

    public static long TotalSize(this IEnumerable<long> shape) => shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Writes type, rank and sizes as 7-bit encoded numbers, then the elements.</summary>
    public static void Save(this Tensor tensor, BinaryWriter writer)
    {
        using Tensor? copy = tensor.device_type == DeviceType.CPU ? null : tensor.cpu();
        writer.Write7BitEncodedInt64((long)tensor.dtype);
        writer.Write7BitEncodedInt64(tensor.ndim);
        foreach (long size in tensor.shape)
            writer.Write7BitEncodedInt64(size);
        writer.Flush();
        (copy ?? tensor).WriteBytesToStream(writer.BaseStream);
    }

    public static void Save(this Tensor tensor, Stream stream)
    {
        using var writer = new BinaryWriter(stream);
        tensor.Save(writer);
        stream.Flush();
    }

    public static void Save(this Tensor tensor, string location) => tensor.Save(File.Create(location));

    public static void Load(this Tensor tensor, BinaryReader reader, bool skip = false)
    {
        if ((ScalarType)reader.Read7BitEncodedInt64() != tensor.dtype)
            throw new ArgumentException("Mismatched tensor data types while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        Fill(tensor, reader, ReadShape(reader), skip);
    }

    public static Tensor Load(BinaryReader reader, bool skip = false)
    {
        Tensor? tensor = null;
        Load(ref tensor, reader, skip);
        return tensor!;
    }

    public static void Load(ref Tensor? tensor, BinaryReader reader, bool skip = false)
    {
        var type = (ScalarType)reader.Read7BitEncodedInt64();
        long[] shape = ReadShape(reader);
        tensor ??= zeros(shape, dtype: type);
        Fill(tensor, reader, shape, skip);
    }

    private static long[] ReadShape(BinaryReader reader)
    {
        var shape = new long[reader.Read7BitEncodedInt64()];
        for (int i = 0; i < shape.Length; i++)
            shape[i] = reader.Read7BitEncodedInt64();
        return shape;
    }

    private static void Fill(Tensor tensor, BinaryReader reader, long[] shape, bool skip)
    {
        if (skip)
        {
            reader.BaseStream.Seek(tensor.NumberOfElements * tensor.ElementSize, SeekOrigin.Current);
            return;
        }
        if (!shape.SequenceEqual(tensor.shape))
            throw new ArgumentException("Mismatched tensor shape while loading. Make sure that the model you are loading into is exactly the same as the origin.");
        using IDisposable guard = no_grad();
        if (tensor.device_type == DeviceType.CPU)
        {
            tensor.ReadBytesFromStream(reader.BaseStream);
            return;
        }
        using Tensor read = zeros_like(tensor, device: CPU);
        read.ReadBytesFromStream(reader.BaseStream);
        tensor.copy_(read);
    }
}
