namespace TorchSharp;

public static partial class torch
{
    /// <summary>The limits of a floating-point type, as numpy and PyTorch state them.</summary>
    public struct FInfo
    {
        public int bits;
        public double eps;
        public double max;
        public double min;
        public double tiny;
        public double smallest_normal;
        public double resolution;
    }

    public static FInfo finfo() => finfo(defaultType);

    public static FInfo finfo(ScalarType dtype) => dtype switch
    {
        ScalarType.BFloat16 => Limits(16, 7, 127, 0.01),
        ScalarType.Float16 => Limits(16, 10, 15, 0.001),
        ScalarType.Float32 or ScalarType.ComplexFloat32 => Limits(32, 23, 127, 1e-6),
        ScalarType.Float64 or ScalarType.ComplexFloat64 => Limits(64, 52, 1023, 1e-15),
        _ => throw new ArgumentException("'dtype' must be floating point or complex"),
    };

    private static FInfo Limits(int bits, int fractionBits, int maximumExponent, double resolution)
    {
        double eps = Math.ScaleB(1, -fractionBits);
        double max = Math.ScaleB(2 - eps, maximumExponent);
        double tiny = Math.ScaleB(1, 1 - maximumExponent);
        return new FInfo { bits = bits, eps = eps, max = max, min = -max, tiny = tiny, smallest_normal = tiny, resolution = resolution };
    }

    public static bool is_tensor(object obj) => obj is Tensor;

    public static bool is_complex(Tensor input) => is_complex(input.dtype);

    public static bool is_floating_point(Tensor input) => is_floating_point(input.dtype);

    public static bool is_nonzero(Tensor input) => input.is_nonzero();

    public static long numel(Tensor input) => input.numel();

    public static ScalarType promote_types(ScalarType type1, ScalarType type2) =>
        (ScalarType)Creation.PromoteTypes.CallLong(type1, type2);

    public static ScalarType result_type(Tensor tensor1, Tensor tensor2) => (ScalarType)Creation.ResultType.CallLong(tensor1, tensor2);
}
