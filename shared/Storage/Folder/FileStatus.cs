using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CloudPipe.Storage.Folder;

/// <summary>
/// What Linux knows of a file, its inode included, which .NET does not tell. Read by <c>statx(2)</c>, whose structure is
/// the same on every architecture.
/// </summary>
/// <param name="Kind">The file type bits of the mode.</param>
/// <param name="Inode">The inode number.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="ModifiedTicks">When the content was last written, in 100 ns ticks of UTC.</param>
internal readonly record struct FileStatus(int Kind, ulong Inode, long Length, long ModifiedTicks)
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH
    private const uint BasicStatistics = 0x7ff; // STATX_BASIC_STATS
    private const int KindMask = 0xF000; // S_IFMT
    private const int RegularFile = 0x8000; // S_IFREG
    private const int DirectoryFile = 0x4000; // S_IFDIR

    public bool IsRegularFile => Kind == RegularFile;

    public bool IsDirectory => Kind == DirectoryFile;

    /// <summary>
    /// Names the content without reading it: a file dropped by hand is known by its inode, length and time, and each
    /// write through the store gives its file a time that the name has not had before.
    /// </summary>
    public string ETag => string.Create(CultureInfo.InvariantCulture, $"{ModifiedTicks:x}-{Length:x}-{Inode:x}");

    public DateTimeOffset LastModified => new(ModifiedTicks, TimeSpan.Zero);

    /// <summary>Looks at a path itself: a symbolic link is a link, not its target.</summary>
    public static FileStatus? Of(string path)
    {
        byte[] buffer = new byte[256];
        return StatX(CurrentDirectory, path, NoFollow, BasicStatistics, buffer) == 0 ? Parse(buffer) : null;
    }

    /// <summary>Looks at an open file, wherever its name has gone since.</summary>
    public static FileStatus Of(SafeFileHandle file)
    {
        byte[] buffer = new byte[256];
        return StatX((int)file.DangerousGetHandle(), string.Empty, EmptyPath, BasicStatistics, buffer) == 0
            ? Parse(buffer)
            : throw new IOException($"The status of an open file cannot be read (errno {Marshal.GetLastPInvokeError()}).");
    }

    // The offsets are those of struct statx in <linux/stat.h>.
    private static FileStatus Parse(ReadOnlySpan<byte> buffer)
    {
        long seconds = MemoryMarshal.Read<long>(buffer[112..]);
        uint nanoseconds = MemoryMarshal.Read<uint>(buffer[120..]);
        return new(
            MemoryMarshal.Read<ushort>(buffer[28..]) & KindMask,
            MemoryMarshal.Read<ulong>(buffer[32..]),
            MemoryMarshal.Read<long>(buffer[40..]),
            DateTime.UnixEpoch.Ticks + (seconds * TimeSpan.TicksPerSecond) + (nanoseconds / TimeSpan.NanosecondsPerTick));
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    private static extern int StatX(int directory, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, byte[] buffer);
}
