using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>
/// Reads tensors from a safetensors file: the header once, then each tensor when asked, straight into its own memory.
/// Reads by offset rather than a memory map: as few copies, and a file that shrinks meanwhile is an error, not a crash.
/// </summary>
public sealed class SafetensorsReader : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly Dictionary<string, SafetensorsEntry> byKey;

    private SafetensorsReader(string path, SafeFileHandle file, List<SafetensorsEntry> entries, Dictionary<string, string> metadata)
    {
        this.file = file;
        Path = path;
        Entries = entries;
        Metadata = metadata;
        byKey = entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Its tensors, in the order of the header.</summary>
    public IReadOnlyList<SafetensorsEntry> Entries { get; }

    /// <summary>The header's free text fields.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The reader; dispose it.</returns>
    /// <exception cref="WeightsException">There is no such file, or it is no sound safetensors file.</exception>
    public static SafetensorsReader Open(string path)
    {
        SafeFileHandle? file = null;
        try
        {
            file = File.OpenHandle(path);
            (List<SafetensorsEntry> entries, Dictionary<string, string> metadata) = SafetensorsHeader.Parse(ReadHeader(file), RandomAccess.GetLength(file));
            var reader = new SafetensorsReader(path, file, entries, metadata);
            file = null;
            return reader;
        }
        catch (FormatException exception)
        {
            throw new WeightsException($"'{path}' is no usable safetensors file: {exception.Message}. Export or download it again.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new WeightsException($"The weights file '{path}' cannot be read: {exception.Message}", exception);
        }
        finally
        {
            file?.Dispose();
        }
    }

    /// <summary>Whether the file has a tensor.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>Whether it is there.</returns>
    public bool Contains(string key) => byKey.ContainsKey(key);

    /// <summary>Reads one tensor.</summary>
    /// <param name="key">Its name.</param>
    /// <returns>A tensor of its own on the CPU, of the file's type and shape; dispose it.</returns>
    /// <exception cref="WeightsException">There is no such tensor, or the file has changed since it was opened.</exception>
    public Tensor Read(string key)
    {
        if (!byKey.TryGetValue(key, out SafetensorsEntry? entry))
            throw new WeightsException($"'{Path}' has no tensor '{key}'.");

        Tensor tensor = empty([.. entry.Shape], dtype: entry.Type);
        try
        {
            if (entry.ByteCount > 0)
                ReadExactly(file, tensor.bytes, entry.Offset);

            return tensor;
        }
        catch (Exception exception) when (exception is IOException or FormatException)
        {
            tensor.Dispose();
            throw new WeightsException($"'{Path}' changed while it was read: the tensor '{key}' is cut off.", exception);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static byte[] ReadHeader(SafeFileHandle file)
    {
        Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
        ReadExactly(file, length, 0);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(length);
        if (headerLength > SafetensorsHeader.LongestHeader || (long)headerLength > RandomAccess.GetLength(file) - SafetensorsHeader.LengthBytes)
            throw new FormatException($"its header claims {headerLength} bytes, more than there are");

        byte[] header = new byte[headerLength];
        ReadExactly(file, header, SafetensorsHeader.LengthBytes);
        return header;
    }

    private static void ReadExactly(SafeFileHandle file, Span<byte> buffer, long offset)
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
}
