using static TorchSharp.torch;

namespace TorchSharp.Tests.NN;

internal static class TensorAssert
{
    public static double[] Values(Tensor tensor)
    {
        using var _ = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

    public static void Close(Tensor expected, Tensor actual, double tolerance = 1e-6)
    {
        Assert.Equal(expected.shape, actual.shape);
        Close(Values(expected), actual, tolerance);
    }

    public static void Close(double[] expected, Tensor actual, double tolerance = 1e-6)
    {
        var values = Values(actual);
        Assert.Equal(expected.Length, values.Length);
        for (var index = 0; index < expected.Length; index++)
        {
            if (double.IsNaN(expected[index]) || Math.Abs(expected[index] - values[index]) > tolerance)
                Assert.Fail($"Element {index}: expected {expected[index]:R}, got {values[index]:R}.");
        }
    }

    /// <summary>Values 0, 1, 2, ... scaled, so that a swapped dimension shows.</summary>
    public static Tensor Ramp(double scale, params long[] shape)
    {
        long count = 1;
        foreach (var size in shape) count *= size;
        return arange(count, ScalarType.Float32).mul(scale).reshape(shape);
    }
}
