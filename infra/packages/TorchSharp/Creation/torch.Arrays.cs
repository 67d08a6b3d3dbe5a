using System.Collections.Concurrent;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device ?? CPU);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        RefuseNames(names);
        var sizes = new long[rawArray.Rank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = rawArray.GetLength(i);
        return FromBytes(Bytes(rawArray), ToScalarType(rawArray.GetType().GetElementType()!), sizes, dtype, device, requires_grad);
    }

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    /// <summary>A 1-D tensor over the memory of the array, which stays pinned as long as the tensor's storage lives.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        if (offset < 0 || offset >= rawArray.LongLength)
            throw new ArgumentException($"invalid value for 'offset': {offset}");
        if (count < 0)
            count = rawArray.LongLength - offset;
        if (count > rawArray.LongLength - offset)
            throw new IndexOutOfRangeException($"element count is too large: {count}");
        ScalarType elementType = ToScalarType(rawArray.GetType().GetElementType()!);
        long elementSize = Bytes(rawArray).Length / rawArray.LongLength;
        GCHandle pinned = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        byte* start = (byte*)pinned.AddrOfPinnedObject() + offset * elementSize;
        byte* error = NativeMethods.torchsharp_tensor_from_blob(start, &count, 1, (int)elementType, &FreeHandle,
            GCHandle.ToIntPtr(pinned), out nint result);
        if (error != null)
            pinned.Free();
        NativeMethods.Check(error);
        var tensor = new Tensor(result);
        if (dtype != elementType)
        {
            using Tensor unconverted = tensor;
            tensor = unconverted.to_type(dtype);
        }
        return WithGradient(tensor, requires_grad);
    }

    [UnmanagedCallersOnly]
    private static void FreeHandle(nint state) => GCHandle.FromIntPtr(state).Free();

    private static Span<byte> Bytes(Array array)
    {
        int size = ElementSize(array.GetType().GetElementType()!);
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), checked((int)(array.LongLength * size)));
    }

    private static int ElementSize(Type type) => ToScalarType(type) switch
    {
        ScalarType.Bool or ScalarType.Byte or ScalarType.Int8 => 1,
        ScalarType.Int16 or ScalarType.Float16 => 2,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 or ScalarType.ComplexFloat32 => 8,
        _ => 16,
    };

    private static T[] Flat<T>(IList<T> values) => values as T[] ?? [.. values];

    private static ReadOnlySpan<T> Flat<T>(Array values) where T : unmanaged =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(values)), values.Length);

    private static Tensor FromScalar<T>(T scalar, ScalarType elementType, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged =>
        FromBytes(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in scalar)), elementType, [], dtype, device, requires_grad);

    private static Tensor FromMemory<T>(ReadOnlySpan<T> values, ReadOnlySpan<long> dimensions, ScalarType? dtype, Device? device,
        bool requires_grad) where T : unmanaged
    {
        long expected = 1;
        foreach (long dimension in dimensions)
            expected *= dimension;
        if (expected > values.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {expected} vs. {values.Length}");
        return FromBytes(MemoryMarshal.AsBytes(values[..(int)expected]), ToScalarType(typeof(T)), dimensions, dtype, device, requires_grad);
    }

    private static Tensor FromBytes(ReadOnlySpan<byte> bytes, ScalarType elementType, ReadOnlySpan<long> dimensions, ScalarType? dtype,
        Device? device, bool requires_grad)
    {
        device = InitializeDevice(device);
        Tensor tensor = Creation.Empty.Call(dimensions, elementType, Operators.Value.None, CPU);
        bytes.CopyTo(new Span<byte>(tensor.DataPointer(), bytes.Length));
        if (device.type != DeviceType.CPU || (dtype ?? elementType) != elementType)
        {
            using Tensor source = tensor;
            tensor = source.to(dtype ?? elementType, device);
        }
        return WithGradient(tensor, requires_grad);
    }

    private static ScalarType TypeOf(Scalar value) => is_integral(value.Type) ? ScalarType.Int64 : defaultType;

    /// <summary>Dimensions here have no names; what gives some must not run as if it had given none.</summary>
    private static Tensor? RefuseNames(string[]? names) => names is null ? null : throw new NotSupportedException(
        "This subset of TorchSharp has no named dimensions. Build with -p:CloudPipePackages=nuget, or leave the names out.");

    private static Tensor WithGradient(Tensor tensor, bool requires_grad)
    {
        if (requires_grad)
            tensor.requires_grad = true;
        return tensor;
    }
}
