using System.Buffers.Binary;
using System.Text;

namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>Reads a pickle's operations and their arguments from start to end.</summary>
/// <param name="pickle">The pickle.</param>
internal sealed class PickleCursor(ReadOnlyMemory<byte> pickle)
{
    // Names of modules and classes: Python itself has none longer than its source lines.
    private const int LongestLine = 1024;

    private int position;

    public PickleCode Code() => (PickleCode)Take(1)[0];

    /// <summary>A little-endian number without a sign; of 8 bytes at most 2^63 - 1.</summary>
    public long Number(int bytes)
    {
        ReadOnlySpan<byte> digits = Take(bytes);
        ulong number = bytes switch
        {
            1 => digits[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(digits),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(digits),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(digits),
        };
        return number <= long.MaxValue ? (long)number : throw CutOff();
    }

    /// <summary>A little-endian number of any length in two's complement: 64 bits as they are, any other without its value.</summary>
    public object Integer(long bytes)
    {
        ReadOnlySpan<byte> digits = Take(bytes);
        if (digits.Length > sizeof(long))
            return IgnoredValue.Scalar;

        long number = digits.Length > 0 && (sbyte)digits[^1] < 0 ? -1 : 0;
        for (int i = digits.Length - 1; i >= 0; i--)
            number = (number << 8) | digits[i];

        return number;
    }

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    public string Text(long bytes, Encoding encoding) => encoding.GetString(Take(bytes));

    public string Line()
    {
        ReadOnlySpan<byte> rest = pickle.Span[position..];
        int length = rest[..Math.Min(rest.Length, LongestLine)].IndexOf((byte)'\n');
        if (length < 0)
            throw CutOff();

        position += length + 1;
        return Encoding.UTF8.GetString(rest[..length]);
    }

    public ReadOnlySpan<byte> Take(long bytes)
    {
        if (bytes > pickle.Length - position)
            throw CutOff();

        ReadOnlySpan<byte> taken = pickle.Span.Slice(position, (int)bytes);
        position += taken.Length;
        return taken;
    }

    private static FormatException CutOff() => new("its pickle is cut off or altered");
}
