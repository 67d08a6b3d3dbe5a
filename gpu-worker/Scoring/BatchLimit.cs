using System.Runtime.InteropServices;

namespace CloudPipe.GpuWorker.Scoring;

/// <summary>
/// How many super-images of one member fit through its network together. On an accelerator that is found out, not guessed:
/// batches double while they fit, and the first that does not fit sets the limit. On the CPU a batch is no faster than its
/// images one by one, so they go singly, and an image's bits do not depend on its company.
/// </summary>
/// <param name="fixedSize">The size that was asked for; 0 finds it out.</param>
/// <param name="isCpu">Whether the network runs on the CPU.</param>
internal sealed class BatchLimit(int fixedSize, bool isCpu)
{
    private const int Largest = 256;

    private int _most = fixedSize > 0 ? fixedSize : Largest;

    /// <summary>The size of the next batch.</summary>
    public int Size { get; private set; } = fixedSize > 0 ? fixedSize : 1;

    /// <summary>Hears that a full batch has fitted.</summary>
    public void Fitted()
    {
        if (fixedSize == 0 && !isCpu)
            Size = Math.Min(2 * Size, _most);
    }

    /// <summary>Hears that a batch has failed.</summary>
    /// <param name="exception">Why.</param>
    /// <param name="size">The size of the batch.</param>
    /// <returns>Whether memory was the reason and a smaller batch is worth a try.</returns>
    public bool Shrinks(ExternalException exception, int size)
    {
        if (size == 1 || !IsOutOfMemory(exception))
            return false;

        _most = Size = size / 2;
        return true;
    }

    /// <summary>Whether memory was the reason, in libtorch's own words for CUDA and for the CPU.</summary>
    /// <param name="exception">What a network's pass has thrown.</param>
    public static bool IsOutOfMemory(ExternalException exception) =>
        exception.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
        || exception.Message.Contains("not enough memory", StringComparison.OrdinalIgnoreCase)
        || exception.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);
}
