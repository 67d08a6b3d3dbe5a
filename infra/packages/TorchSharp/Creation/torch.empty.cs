using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty((ReadOnlySpan<long>)size, dtype, device, requires_grad);

    public static Tensor empty(ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty(size, dtype, device, requires_grad);

    public static Tensor empty(long size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty([size], dtype, device, requires_grad);

    public static Tensor empty(long rows, long columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty([rows, columns], dtype, device, requires_grad);

    public static Tensor empty(long dim0, long dim1, long dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty([dim0, dim1, dim2], dtype, device, requires_grad);

    public static Tensor empty(long dim0, long dim1, long dim2, long dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty([dim0, dim1, dim2, dim3], dtype, device, requires_grad);

    public static Tensor empty(int size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty([size], dtype, device, requires_grad);

    public static Tensor empty(int rows, int columns, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty([rows, columns], dtype, device, requires_grad);

    public static Tensor empty(int dim0, int dim1, int dim2, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty([dim0, dim1, dim2], dtype, device, requires_grad);

    public static Tensor empty(int dim0, int dim1, int dim2, int dim3, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? NewEmpty([dim0, dim1, dim2, dim3], dtype, device, requires_grad);

    private static Tensor NewEmpty(ReadOnlySpan<long> size, ScalarType? dtype, Device? device, bool requires_grad) =>
        WithGradient(Creation.Empty.Call(size, dtype ?? defaultType, Value.None, InitializeDevice(device), false), requires_grad);
}
