using System.Numerics;
using System.Text;
using TorchSharp.Interop;

namespace TorchSharp.Operators;

/// <summary>
/// An argument of an <see cref="Operator"/>: anything that a schema of ATen can ask for. The native side fits it to the
/// schema, so an int may stand where a float or a list is expected.
/// </summary>
internal readonly struct Value
{
    private readonly object? reference;
    private readonly long bits;
    private readonly ValueTag tag;

    private Value(ValueTag tag, long bits, object? reference = null)
    {
        this.tag = tag;
        this.bits = bits;
        this.reference = reference;
    }

    /// <summary>An absent optional.</summary>
    public static Value None => default;

    /// <summary>What the value refers to; read after a call so that it lives until then.</summary>
    internal object? Reference => reference;

    public static implicit operator Value(torch.Tensor? tensor) =>
        tensor is null ? default : new Value(ValueTag.Tensor, tensor.Handle, tensor);
    public static implicit operator Value(long value) => new(ValueTag.Int, value);
    public static implicit operator Value(int value) => new(ValueTag.Int, value);
    public static implicit operator Value(double value) => new(ValueTag.Double, BitConverter.DoubleToInt64Bits(value));
    public static implicit operator Value(bool value) => new(ValueTag.Bool, value ? 1 : 0);
    public static implicit operator Value(long? value) => value.HasValue ? value.Value : default(Value);
    public static implicit operator Value(int? value) => value.HasValue ? value.Value : default(Value);
    public static implicit operator Value(double? value) => value.HasValue ? value.Value : default(Value);
    public static implicit operator Value(bool? value) => value.HasValue ? value.Value : default(Value);
    public static implicit operator Value(string? value) =>
        value is null ? default : new Value(ValueTag.String, 0, Encoding.UTF8.GetBytes(value));
    public static implicit operator Value(long[]? value) => value is null ? default : new Value(ValueTag.IntList, 0, value);
    public static implicit operator Value(ReadOnlySpan<long> value) => new(ValueTag.IntList, 0, value.ToArray());
    public static implicit operator Value(double[]? value) => value is null ? default : new Value(ValueTag.DoubleList, 0, value);
    public static implicit operator Value(bool[]? value) => value is null ? default : new Value(ValueTag.BoolList, 0, value);
    public static implicit operator Value(torch.ScalarType value) => new(ValueTag.Int, (long)value);
    public static implicit operator Value(torch.ScalarType? value) => value.HasValue ? value.Value : default(Value);
    public static implicit operator Value(DeviceType value) => new(ValueTag.Device, (long)value | (-1L << 32));
    public static implicit operator Value(torch.Device? value) =>
        value is null ? default : new Value(ValueTag.Device, (uint)value.type | ((long)value.index << 32));
    public static implicit operator Value(torch.Tensor?[]? value) => value is null ? default : new Value(ValueTag.TensorList, 0, value);
    public static implicit operator Value(List<torch.Tensor> value) => new(ValueTag.TensorList, 0, value.ToArray());
    public static implicit operator Value(Scalar? value) => value is null ? default : value.ToValue();
    public static implicit operator Value(torch.Generator? value) =>
        value is null ? default : new Value(ValueTag.Generator, value.Handle, value);
    public static implicit operator Value(Complex value) => new(ValueTag.Complex, 0, value);

    /// <summary>How many 8-byte cells of scratch the value's list takes.</summary>
    internal int ScratchLength => tag switch
    {
        ValueTag.IntList or ValueTag.DoubleList or ValueTag.BoolList or ValueTag.TensorList => ((Array)reference!).Length,
        ValueTag.String => (((byte[])reference!).Length + 7) / 8,
        ValueTag.Complex => 2,
        _ => 0,
    };

    /// <summary>Writes the value in native form; its list, if it has one, goes to scratch, which must not move.</summary>
    internal unsafe void Write(NativeValue* target, Span<long> scratch, void* scratchAddress)
    {
        target->Tag = tag;
        target->Length = 0;
        target->Integer = bits;
        switch (tag)
        {
            case ValueTag.Device:
                target->Length = (int)bits;
                target->Integer = bits >> 32;
                return;
            case ValueTag.IntList:
                ((long[])reference!).CopyTo(scratch);
                break;
            case ValueTag.DoubleList:
                double[] doubles = (double[])reference!;
                for (int i = 0; i < doubles.Length; i++)
                    scratch[i] = BitConverter.DoubleToInt64Bits(doubles[i]);
                break;
            case ValueTag.BoolList:
                bool[] bools = (bool[])reference!;
                for (int i = 0; i < bools.Length; i++)
                    scratch[i] = bools[i] ? 1 : 0;
                break;
            case ValueTag.TensorList:
                torch.Tensor?[] tensors = (torch.Tensor?[])reference!;
                for (int i = 0; i < tensors.Length; i++)
                    scratch[i] = tensors[i]?.Handle ?? 0;
                break;
            case ValueTag.String:
                byte[] text = (byte[])reference!;
                text.CopyTo(System.Runtime.InteropServices.MemoryMarshal.AsBytes(scratch));
                target->Length = text.Length;
                target->Pointer = scratchAddress;
                return;
            case ValueTag.Complex:
                Complex complex = (Complex)reference!;
                scratch[0] = BitConverter.DoubleToInt64Bits(complex.Real);
                scratch[1] = BitConverter.DoubleToInt64Bits(complex.Imaginary);
                target->Length = 2;
                target->Pointer = scratchAddress;
                return;
            default:
                return;
        }
        target->Length = ((Array)reference!).Length;
        target->Pointer = scratchAddress;
    }
}
