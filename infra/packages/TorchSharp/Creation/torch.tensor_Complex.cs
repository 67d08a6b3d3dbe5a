namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(System.Numerics.Complex scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        FromScalar(scalar, ScalarType.ComplexFloat64, dtype, device, requires_grad);

    public static Tensor tensor(System.Numerics.Complex[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(rawArray, [rawArray.LongLength], dtype, device, requires_grad);

    public static Tensor tensor(System.Numerics.Complex[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(rawArray, dimensions, dtype, device, requires_grad);

    public static Tensor tensor(IList<System.Numerics.Complex> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(Flat(rawArray), [rawArray.Count], dtype, device, requires_grad);

    public static Tensor tensor(IList<System.Numerics.Complex> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(Flat(rawArray), dimensions, dtype, device, requires_grad);

    public static Tensor tensor(IList<System.Numerics.Complex> rawArray, long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(Flat(rawArray), [rows, columns], dtype, device, requires_grad);

    public static Tensor tensor(IList<System.Numerics.Complex> rawArray, long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(Flat(rawArray), [dim0, dim1, dim2], dtype, device, requires_grad);

    public static Tensor tensor(IList<System.Numerics.Complex> rawArray, long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(Flat(rawArray), [dim0, dim1, dim2, dim3], dtype, device, requires_grad);

    public static Tensor tensor(System.Numerics.Complex[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(Flat<System.Numerics.Complex>(rawArray), [rawArray.GetLength(0), rawArray.GetLength(1)], dtype, device, requires_grad);

    public static Tensor tensor(System.Numerics.Complex[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(Flat<System.Numerics.Complex>(rawArray), [rawArray.GetLength(0), rawArray.GetLength(1), rawArray.GetLength(2)], dtype, device, requires_grad);

    public static Tensor tensor(System.Numerics.Complex[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(Flat<System.Numerics.Complex>(rawArray), [rawArray.GetLength(0), rawArray.GetLength(1), rawArray.GetLength(2), rawArray.GetLength(3)], dtype, device, requires_grad);

    public static Tensor tensor(Memory<System.Numerics.Complex> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? FromMemory<System.Numerics.Complex>(rawArray.Span, dimensions, dtype, device, requires_grad);
}
