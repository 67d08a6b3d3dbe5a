namespace CloudPipe.GpuWorker.Weights;

/// <summary>Tells weights files by their first bytes.</summary>
internal static class FileSignature
{
    public const int Length = 512;

    private const int TarSignatureOffset = 257;

    /// <summary>The format; or why a file of a known other format is not read.</summary>
    public static (WeightsFormat Format, string? Refusal) Recognise(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PK\u0003\u0004"u8) || head.StartsWith("PK\u0005\u0006"u8))
            return (WeightsFormat.PyTorch, null);

        // What torch.save wrote before 1.6 starts with its magic number as a pickle: PROTO 2, LONG1 of 10 bytes.
        if (head is [0x80, >= 2 and <= 5, 0x8a, 10, ..])
            return (WeightsFormat.PyTorch, "it is a chain of pickles, PyTorch's format before version 1.6");

        // A safetensors header of 640 bytes starts with 0x80 0x02 too; its JSON comes after eight bytes.
        if (head is [0x80, >= 2 and <= 5, ..] and not [_, _, _, _, _, _, _, _, (byte)'{', ..])
            return (WeightsFormat.PyTorch, "it is a bare pickle");

        return head.Length > TarSignatureOffset && head[TarSignatureOffset..].StartsWith("ustar"u8)
            ? (WeightsFormat.PyTorch, "it is a tar file, PyTorch's format before version 0.2")
            : (WeightsFormat.Safetensors, null);
    }
}
