using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Reads a tensor of any type into an array, in row-major order.</summary>
internal static class TensorValues
{
    public static double[] Doubles(this Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor.detach().to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
    }

    public static void AssertValues(this Tensor tensor, params double[] expected) => tensor.AssertClose(1e-6, expected);

    public static void AssertClose(this Tensor tensor, double tolerance, params double[] expected)
    {
        double[] actual = tensor.Doubles();
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"element {i}: expected {expected[i]}, got {actual[i]}");
    }
}
