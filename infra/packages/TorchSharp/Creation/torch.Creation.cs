using TorchSharp.Operators;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        WithGradient(Creation.Arange.Call(start, stop, step, dtype ?? RangeType(start, stop, step), Value.None, InitializeDevice(device)), requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        WithGradient(Creation.Linspace.Call(start, end, steps, dtype ?? defaultType, Value.None, InitializeDevice(device)), requires_grad);

    public static Tensor logspace(double start, double end, long steps, double @base = 10, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        WithGradient(Creation.Logspace.Call(start, end, steps, @base, dtype ?? defaultType, Value.None, InitializeDevice(device)), requires_grad);

    public static Tensor eye(long rows, long columns = -1L, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? WithGradient(Creation.Eye.Call(rows, columns == -1 ? rows : columns, dtype ?? defaultType, Value.None, InitializeDevice(device)), requires_grad);

    public static Tensor empty_strided(long[] size, long[] strides, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        RefuseNames(names) ?? WithGradient(Creation.EmptyStrided.Call(size, strides, dtype ?? defaultType, Value.None, InitializeDevice(device)), requires_grad);

    public static Tensor randint(long low, long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null)
    {
        RefuseNames(names);
        device = InitializeDevice(device);
        ScalarType type = dtype ?? ScalarType.Int64;
        return WithGradient(Creation.Randint.Call(low, high, size.Shape, generator, type, Value.None, device), requires_grad);
    }

    public static Tensor randint(long high, Size size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => RefuseNames(names) ?? randint(0, high, size, dtype, device, requires_grad, generator);

    public static Tensor randint(long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => RefuseNames(names) ?? randint(0, high, new Size(size), dtype, device, requires_grad, generator);

    public static Tensor randint(long low, long high, long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        RefuseNames(names) ?? randint(low, high, new Size(size), dtype, device, requires_grad, generator);

    public static Tensor randint(int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) => RefuseNames(names) ?? randint(0, high, new Size(size), dtype, device, requires_grad, generator);

    public static Tensor randint(int low, int high, int[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        RefuseNames(names) ?? randint(low, high, new Size(size), dtype, device, requires_grad, generator);

    public static Tensor randperm(long n, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null) =>
        WithGradient(Creation.Randperm.Call(n, generator, dtype ?? ScalarType.Int64, Value.None, InitializeDevice(device)), requires_grad);

    public static Tensor normal(double mean, double std, ReadOnlySpan<long> size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, Generator? generator = null, string[]? names = null) =>
        RefuseNames(names) ?? randn(size, dtype, device, requires_grad: false, generator).mul_(std).add_(mean).requires_grad_(requires_grad);

    public static Tensor complex(Tensor real, Tensor imag) => Creation.Complex.Call(real, imag);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => RefuseNames(names) ?? input.zeros_like(dtype, device, requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => RefuseNames(names) ?? input.ones_like(dtype, device, requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => RefuseNames(names) ?? input.empty_like(dtype, device, requires_grad);

    public static Tensor rand_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => input.rand_like(dtype, device, requires_grad);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) => input.randn_like(dtype, device, requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) => RefuseNames(names) ?? input.full_like(value, dtype, device, requires_grad);

    private static ScalarType RangeType(Scalar start, Scalar stop, Scalar step) =>
        is_integral(start.Type) && is_integral(stop.Type) && is_integral(step.Type) ? ScalarType.Int64 : defaultType;
}
