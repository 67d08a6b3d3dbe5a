using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring.Profiling;

/// <summary>
/// The most multiplications with addition a second that a device shows: a 1×1 convolution of large square matrices, the best
/// of several. A convolution, since on the CPU libtorch gives those to oneDNN, which is faster than the BLAS.
/// </summary>
internal static class MatrixProductCeiling
{
    private const int Rounds = 7;

    public static double Measure(Device device, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        int size = device.type == DeviceType.CPU ? 2048 : 8192;
        int side = (int)Math.Sqrt(size);
        Tensor left = rand(1, size, side, side, device: device).to_type(type);
        Tensor right = rand(size, size, 1, 1, device: device).to_type(type);
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using DisposeScope roundScope = NewDisposeScope();
            long started = Stopwatch.GetTimestamp();
            Tensor product = nn.functional.conv2d(left, right);
            product[0, 0, 0, 0].to_type(ScalarType.Float32).item<float>(); // waits for the device
            best = Math.Max(best, (double)side * side * size * size / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }
}
