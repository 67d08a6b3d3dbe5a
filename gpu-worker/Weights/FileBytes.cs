using Microsoft.Win32.SafeHandles;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>Reads a file by offset.</summary>
internal static class FileBytes
{
    /// <summary>Fills a buffer.</summary>
    /// <exception cref="FormatException">The file ends before.</exception>
    public static void ReadExactly(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        while (buffer.Length > 0)
        {
            int read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                throw new FormatException("it is cut off");

            buffer = buffer[read..];
            offset += read;
        }
    }

    /// <summary>Reads a part of a file that is known to be there; callers bound the length.</summary>
    public static byte[] Read(SafeFileHandle file, long offset, int length)
    {
        byte[] bytes = new byte[length];
        ReadExactly(file, bytes, offset);
        return bytes;
    }
}
