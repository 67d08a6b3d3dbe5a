using System.Runtime.Intrinsics;

namespace CloudPipe.GpuWorker.SuperImages;

/// <summary>A row of red, green and blue bytes.</summary>
internal static class PixelRow
{
    /// <summary>Writes a row of red, green and blue bytes from its last pixel to its first.</summary>
    public static void Mirror(ReadOnlySpan<byte> row, Span<byte> mirrored)
    {
        // Five pixels at a time, the last 15 of 16 bytes read, the first 15 of 16 bytes written: the next five cover the 16th.
        const int Step = 15;
        int written = 0;
        for (; written + Vector128<byte>.Count <= row.Length && row.Length - written > Step; written += Step)
        {
            var pixels = Vector128.Create(row.Slice(row.Length - written - Vector128<byte>.Count, Vector128<byte>.Count));
            Vector128.Shuffle(pixels, Vector128.Create((byte)13, 14, 15, 10, 11, 12, 7, 8, 9, 4, 5, 6, 1, 2, 3, 0)).CopyTo(mirrored[written..]);
        }

        for (; written < row.Length; written += 3)
            row.Slice(row.Length - written - 3, 3).CopyTo(mirrored[written..]);
    }
}
