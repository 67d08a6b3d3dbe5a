using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace CloudPipe.GpuWorker.Tests.Weights;

/// <summary>Damages weights files as disks, networks and attackers do.</summary>
/// <param name="random">Decides how.</param>
internal sealed partial class FileMutator(Random random)
{
    private static readonly string[] HugeNumbers = ["-1", "0", "4294967295", "2147483648", "9223372036854775807", "18446744073709551616", "1e308", "4611686018427387904"];

    /// <summary>Damages a safetensors file.</summary>
    /// <param name="file">A sound one.</param>
    /// <param name="other">Another, to splice with.</param>
    public byte[] Safetensors(byte[] file, byte[] other) => random.Next(8) switch
    {
        0 => FlipBits(file),
        1 => SetBytes(file),
        2 => Truncate(file),
        3 => Splice(file, other),
        4 => WithHeader(file, header => Digits().Replace(header, match => random.Next(3) == 0 ? HugeNumbers[random.Next(HugeNumbers.Length)] : match.Value)),
        5 => WithHeader(file, header => Digits().Replace(header, match => random.Next(2) == 0 ? $"{random.Next(40)}" : match.Value)), // overlaps and gaps
        6 => WithHeader(file, Nest),
        _ => WithLength(file, (ulong)random.NextInt64() >> random.Next(64)),
    };

    /// <summary>Damages a zip of a pickle, inside and outside.</summary>
    /// <param name="file">A sound one.</param>
    /// <param name="pickle">Its pickle.</param>
    /// <param name="parts">Its storages.</param>
    /// <param name="other">Another file, to splice with.</param>
    public byte[] TorchFile(byte[] file, byte[] pickle, (string Name, byte[] Data)[] parts, byte[] other) => random.Next(9) switch
    {
        0 => FlipBits(file),
        1 => SetBytes(file),
        2 => Truncate(file),
        3 => Splice(file, other),
        4 => HugeFields(file),
        5 => TorchZip.Pack(FlipBits(pickle), parts),
        6 => TorchZip.Pack(HugeFields(SetBytes(pickle)), parts),
        7 => TorchZip.Pack(Insert(pickle), parts),
        _ => TorchZip.Pack(Repeat(Splice(pickle, Insert(pickle))), parts),
    };

    private byte[] FlipBits(byte[] file) => Change(file, value => (byte)(value ^ (1 << random.Next(8))));

    private byte[] SetBytes(byte[] file) => Change(file, _ => (byte)random.Next(256));

    private byte[] Change(byte[] file, Func<byte, byte> change)
    {
        byte[] damaged = [.. file];
        for (int count = random.Next(1, 6); count > 0; count--)
        {
            int i = random.Next(damaged.Length);
            damaged[i] = change(damaged[i]);
        }

        return damaged;
    }

    private byte[] Truncate(byte[] file) => file[..random.Next(file.Length)];

    private byte[] Splice(byte[] file, byte[] other) => [.. file[..random.Next(file.Length)], .. other[random.Next(other.Length)..]];

    private byte[] HugeFields(byte[] file)
    {
        byte[] damaged = [.. file];
        for (int count = random.Next(1, 4); count > 0 && damaged.Length >= sizeof(ulong); count--)
        {
            int width = 1 << random.Next(1, 4);
            ulong value = random.Next(3) switch { 0 => ulong.MaxValue, 1 => ulong.MaxValue >> 1, _ => (ulong)random.NextInt64() >> random.Next(64) };
            byte[] digits = new byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(digits, value);
            digits.AsSpan(0, width).CopyTo(damaged.AsSpan(random.Next(damaged.Length - width + 1)));
        }

        return damaged;
    }

    private byte[] Insert(byte[] pickle)
    {
        byte[] operations = new byte[random.Next(1, 16)];
        random.NextBytes(operations);
        int i = random.Next(2, pickle.Length);
        return [.. pickle[..i], .. operations, .. pickle[i..]];
    }

    // One piece again and again: stacks, marks and memos that grow.
    private byte[] Repeat(byte[] pickle)
    {
        int start = random.Next(pickle.Length);
        byte[] piece = pickle[start..Math.Min(pickle.Length, start + random.Next(1, 8))];
        return [.. pickle[..start], .. Enumerable.Repeat(piece, random.Next(1, 2000)).SelectMany(bytes => bytes), .. pickle[start..]];
    }

    private string Nest(string header)
    {
        int depth = random.Next(1, 5000);
        string open = random.Next(2) == 0 ? "[" : """{"a":""";
        return header.Insert(random.Next(header.Length), string.Concat(Enumerable.Repeat(open, depth)));
    }

    private static byte[] WithHeader(byte[] file, Func<string, string> change)
    {
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        byte[] header = Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(file.AsSpan(8, length))));
        return WithLength([.. new byte[8], .. header, .. file[(8 + length)..]], (ulong)header.Length);
    }

    private static byte[] WithLength(byte[] file, ulong length)
    {
        byte[] damaged = [.. file];
        BinaryPrimitives.WriteUInt64LittleEndian(damaged, length);
        return damaged;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
