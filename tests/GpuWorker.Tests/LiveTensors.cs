using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Tests;

/// <summary>Counts live tensors.</summary>
internal static class LiveTensors
{
    /// <summary>
    /// The count to compare with later. What earlier tests left to the garbage collector is collected first: otherwise it goes
    /// while the test runs, and hides what the test itself leaves or looks like less than before.
    /// </summary>
    public static long CountSettled()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
