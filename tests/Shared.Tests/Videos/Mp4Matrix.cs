using System.Buffers.Binary;

namespace CloudPipe.Shared.Tests.Videos;

/// <summary>Writes a rotation into an MP4's track header, as cameras do; ffmpeg's own option for it differs between versions.</summary>
internal static class Mp4Matrix
{
    public static void Turn(string file, int quarterTurnsClockwise)
    {
        byte[] bytes = File.ReadAllBytes(file);

        // ISO/IEC 14496-12, 8.3.2: the matrix follows 40 bytes of a version 0 header. Its first four entries in 16.16 fixed
        // point are a, b, (0), c, d, (0).
        int matrix = bytes.AsSpan().LastIndexOf("tkhd"u8) + 4 + 40;
        int[] entries = quarterTurnsClockwise switch
        {
            1 => [0, 1, 0, -1, 0, 0],
            2 => [-1, 0, 0, 0, -1, 0],
            3 => [0, -1, 0, 1, 0, 0],
            _ => throw new ArgumentOutOfRangeException(nameof(quarterTurnsClockwise)),
        };
        for (int index = 0; index < entries.Length; index++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(matrix + (index * 4)), entries[index] * 65536);
        File.WriteAllBytes(file, bytes);
    }
}
