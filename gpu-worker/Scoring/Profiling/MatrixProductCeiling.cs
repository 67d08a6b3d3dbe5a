using System.Diagnostics;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Scoring.Profiling;

/// <summary>
/// The most multiplications with addition a second that a device shows: a product of large square matrices, the best of
/// several. On the CPU as a 1×1 convolution, since libtorch gives those to oneDNN, which is faster than the BLAS.
/// </summary>
internal static class MatrixProductCeiling
{
    private const int Rounds = 7;

    // Width and height of the convolved image on the CPU: nearly as many pixels as channels.
    private const int ImageSide = 45;

    public static double Measure(Device device, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable inference = inference_mode();
        bool isCpu = device.type == DeviceType.CPU;
        int size = isCpu ? 2048 : 8192;
        int columns = isCpu ? ImageSide * ImageSide : size;
        Tensor left = rand(size, size, device: device).to_type(type);
        Tensor right = rand(size, columns, device: device).to_type(type);
        double best = 0;
        for (int round = 0; round < Rounds; round++)
        {
            using DisposeScope roundScope = NewDisposeScope();
            long started = Stopwatch.GetTimestamp();
            Tensor product = isCpu
                ? nn.functional.conv2d(right.reshape(1, size, ImageSide, ImageSide), left.reshape(size, size, 1, 1))
                : left.matmul(right);
            product.flatten()[0].to_type(ScalarType.Float32).item<float>(); // waits for the device
            best = Math.Max(best, (double)size * size * columns / Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }
}
