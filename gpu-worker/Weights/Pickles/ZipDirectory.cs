using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CloudPipe.GpuWorker.Weights.Pickles;

/// <summary>
/// A zip archive's list of files and where their bytes lie, which .NET's own ZipArchive does not tell. Only stored files can be
/// located: torch packs none. Format: PKWARE's APPNOTE 6.3.10, sections 4.3 (records) and 4.5.3 (Zip64).
/// </summary>
internal sealed class ZipDirectory
{
    private const uint EndSignature = 0x06054b50;
    private const uint Zip64LocatorSignature = 0x07064b50;
    private const uint Zip64EndSignature = 0x06064b50;
    private const uint EntrySignature = 0x02014b50;
    private const uint LocalSignature = 0x04034b50;
    private const int EndLength = 22;
    private const int Zip64LocatorLength = 20;
    private const int Zip64EndLength = 56;
    private const int EntryLength = 46;
    private const int LocalLength = 30;
    private const ushort Zip64Field = 1;

    // A network of 20,000 tensors has 2 MB of it.
    private const int LongestDirectory = 64 << 20;

    private readonly SafeFileHandle file;
    private readonly long fileLength;
    private readonly Dictionary<string, ZipEntry> byName = new(StringComparer.Ordinal);

    private ZipDirectory(SafeFileHandle file)
    {
        this.file = file;
        fileLength = RandomAccess.GetLength(file);
    }

    public IReadOnlyCollection<string> Names => byName.Keys;

    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static ZipDirectory Read(SafeFileHandle file)
    {
        var directory = new ZipDirectory(file);
        (long offset, long length) = directory.FindEntries();
        if (length > LongestDirectory)
            throw new FormatException($"its list of files has {length} bytes (at most {LongestDirectory} are read)");

        if (offset < 0 || length < 0 || offset > directory.fileLength - length)
            throw new FormatException("its list of files lies outside of it; it is cut off or altered");

        directory.ReadEntries(FileBytes.Read(file, offset, (int)length));
        return directory;
    }

    public ZipEntry? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Where a stored file's bytes start.</summary>
    /// <exception cref="FormatException">It is packed, encrypted, or not where the directory says.</exception>
    public long Locate(ZipEntry entry)
    {
        if ((entry.Flags & 1) != 0)
            throw new FormatException($"its part '{entry.Name}' is encrypted");

        if (entry.Method != 0 || entry.PackedLength != entry.Length)
            throw new FormatException($"its part '{entry.Name}' is compressed; torch.save stores parts as they are");

        if (entry.HeaderOffset < 0 || entry.HeaderOffset > fileLength - LocalLength)
            throw Outside(entry);

        byte[] header = FileBytes.Read(file, entry.HeaderOffset, LocalLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != LocalSignature)
            throw Outside(entry);

        // The local header's own name and extra fields: torch pads with the latter, so that data are aligned to 64 bytes.
        long offset = entry.HeaderOffset + LocalLength + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(26)) + BinaryPrimitives.ReadUInt16LittleEndian(header.AsSpan(28));
        return entry.Length >= 0 && entry.Length <= fileLength - offset ? offset : throw Outside(entry);
    }

    private static FormatException Outside(ZipEntry entry) => new($"its part '{entry.Name}' is not where its list of files says; it is cut off or altered");

    private (long Offset, long Length) FindEntries()
    {
        int tailLength = (int)Math.Min(fileLength, EndLength + ushort.MaxValue);
        long tailOffset = fileLength - tailLength;
        byte[] tail = FileBytes.Read(file, tailOffset, tailLength);
        for (int i = tailLength - EndLength; i >= 0; i--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(i);
            if (BinaryPrimitives.ReadUInt32LittleEndian(end) != EndSignature || BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) != end.Length - EndLength)
                continue;

            long length = BinaryPrimitives.ReadUInt32LittleEndian(end[12..]);
            long offset = BinaryPrimitives.ReadUInt32LittleEndian(end[16..]);
            bool isZip64 = length == uint.MaxValue || offset == uint.MaxValue || BinaryPrimitives.ReadUInt16LittleEndian(end[10..]) == ushort.MaxValue;
            return isZip64 ? FindZip64Entries(tailOffset + i) ?? (offset, length) : (offset, length);
        }

        throw new FormatException("it is a zip archive without its end; it is cut off");
    }

    private (long Offset, long Length)? FindZip64Entries(long endOffset)
    {
        if (endOffset < Zip64LocatorLength)
            return null;

        byte[] locator = FileBytes.Read(file, endOffset - Zip64LocatorLength, Zip64LocatorLength);
        if (BinaryPrimitives.ReadUInt32LittleEndian(locator) != Zip64LocatorSignature)
            return null;

        long offset = BinaryPrimitives.ReadInt64LittleEndian(locator.AsSpan(8));
        if (offset < 0 || offset > fileLength - Zip64EndLength)
            throw new FormatException("its end points outside of it; it is cut off or altered");

        byte[] end = FileBytes.Read(file, offset, Zip64EndLength);
        return BinaryPrimitives.ReadUInt32LittleEndian(end) == Zip64EndSignature
            ? (BinaryPrimitives.ReadInt64LittleEndian(end.AsSpan(48)), BinaryPrimitives.ReadInt64LittleEndian(end.AsSpan(40)))
            : throw new FormatException("its end points at something else; it is altered");
    }

    private void ReadEntries(ReadOnlySpan<byte> rest)
    {
        while (rest.Length > 0)
        {
            if (rest.Length < EntryLength || BinaryPrimitives.ReadUInt32LittleEndian(rest) != EntrySignature)
                throw new FormatException("its list of files is altered");

            int nameLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[28..]);
            int extraLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[30..]);
            int commentLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[32..]);
            int whole = EntryLength + nameLength + extraLength + commentLength;
            if (rest.Length < whole)
                throw new FormatException("its list of files is cut off");

            ZipEntry entry = ReadEntry(rest, Encoding.UTF8.GetString(rest.Slice(EntryLength, nameLength)), rest.Slice(EntryLength + nameLength, extraLength));
            if (!byName.TryAdd(entry.Name, entry))
                throw new FormatException($"it has two parts of the name '{entry.Name}'");

            rest = rest[whole..];
        }
    }

    private static ZipEntry ReadEntry(ReadOnlySpan<byte> record, string name, ReadOnlySpan<byte> extra)
    {
        long packed = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]);
        long length = BinaryPrimitives.ReadUInt32LittleEndian(record[24..]);
        long offset = BinaryPrimitives.ReadUInt32LittleEndian(record[42..]);
        ReadOnlySpan<byte> zip64 = FindZip64Field(extra);

        // Zip64: only the fields that do not fit into 32 bits stand there, in this order.
        TakeZip64(ref length, ref zip64, name);
        TakeZip64(ref packed, ref zip64, name);
        TakeZip64(ref offset, ref zip64, name);
        return new ZipEntry(name, BinaryPrimitives.ReadUInt16LittleEndian(record[10..]), BinaryPrimitives.ReadUInt16LittleEndian(record[8..]), packed, length, offset);
    }

    private static ReadOnlySpan<byte> FindZip64Field(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]);
            if (length > extra.Length - 4)
                break;

            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == Zip64Field)
                return extra.Slice(4, length);

            extra = extra[(4 + length)..];
        }

        return [];
    }

    private static void TakeZip64(ref long value, ref ReadOnlySpan<byte> field, string name)
    {
        if (value != uint.MaxValue)
            return;

        if (field.Length < sizeof(long))
            throw new FormatException($"its part '{name}' has no length or place; its list of files is altered");

        value = BinaryPrimitives.ReadInt64LittleEndian(field);
        field = field[sizeof(long)..];
    }
}
