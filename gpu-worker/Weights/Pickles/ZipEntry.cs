namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>A file in a zip archive, as the central directory describes it.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Method">How it is packed; 0 is not at all.</param>
/// <param name="Flags">Bit 0 is encryption.</param>
/// <param name="PackedLength">Bytes in the archive.</param>
/// <param name="Length">Bytes unpacked.</param>
/// <param name="HeaderOffset">Where its local header starts.</param>
internal sealed record ZipEntry(string Name, int Method, int Flags, long PackedLength, long Length, long HeaderOffset);
