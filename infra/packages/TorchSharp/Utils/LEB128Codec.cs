namespace TorchSharp.Utils;

/// <summary>Lengths in saved tensors and state dictionaries: seven bits a byte, the lowest first (https://en.wikipedia.org/wiki/LEB128).</summary>
internal static class LEB128Codec
{
    public static void Encode(this BinaryWriter writer, long value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        writer.Write7BitEncodedInt64(value);
    }

    public static long Decode(this BinaryReader reader) => reader.Read7BitEncodedInt64();
}
