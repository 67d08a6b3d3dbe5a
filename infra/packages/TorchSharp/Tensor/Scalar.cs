using System.Numerics;
using TorchSharp.Operators;

namespace TorchSharp;

/// <summary>A number that an operator takes beside tensors.</summary>
public sealed class Scalar : IDisposable
{
    private readonly double real;
    private readonly long integer;
    private readonly Complex complex;

    internal Scalar(long value, torch.ScalarType type)
    {
        integer = value;
        real = value;
        complex = value;
        Type = type;
    }

    internal Scalar(double value, torch.ScalarType type)
    {
        real = value;
        integer = unchecked((long)value);
        complex = value;
        Type = type;
    }

    internal Scalar(Complex value, torch.ScalarType type)
    {
        complex = value;
        real = value.Real;
        integer = unchecked((long)value.Real);
        Type = type;
    }

    public torch.ScalarType Type { get; }

    internal double Real => real;
    internal long Integer => integer;
    internal Complex Complex => complex;

    public static implicit operator Scalar(byte value) => new((long)value, torch.ScalarType.Int64);
    public static implicit operator Scalar(sbyte value) => new((long)value, torch.ScalarType.Int64);
    public static implicit operator Scalar(short value) => new((long)value, torch.ScalarType.Int64);
    public static implicit operator Scalar(int value) => new((long)value, torch.ScalarType.Int64);
    public static implicit operator Scalar(long value) => new(value, torch.ScalarType.Int64);
    public static implicit operator Scalar(Half value) => new((double)value, torch.ScalarType.Float64);
    public static implicit operator Scalar(float value) => new((double)value, torch.ScalarType.Float64);
    public static implicit operator Scalar(double value) => new(value, torch.ScalarType.Float64);
    public static implicit operator Scalar(bool value) => new(value ? 1L : 0L, torch.ScalarType.Bool);
    public static implicit operator Scalar((float, float) value) =>
        new(new Complex(value.Item1, value.Item2), torch.ScalarType.ComplexFloat64);
    public static implicit operator Scalar(Complex value) => new(value, torch.ScalarType.ComplexFloat64);

    public void Dispose()
    {
        // Nothing native is held: libtorch gets the number itself.
    }

    internal Value ToValue() => Type switch
    {
        torch.ScalarType.Bool => integer != 0,
        torch.ScalarType.ComplexFloat32 or torch.ScalarType.ComplexFloat64 => complex,
        torch.ScalarType.Float16 or torch.ScalarType.BFloat16 or torch.ScalarType.Float32 or torch.ScalarType.Float64 => real,
        _ => integer,
    };
}
