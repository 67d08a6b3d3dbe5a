using System.Buffers.Binary;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>
/// Reads a safetensors header and believes nothing of it: every tensor has a known type, a shape that fits its bytes, and
/// together they cover the data exactly. Format: https://github.com/huggingface/safetensors, section Format.
/// </summary>
internal static class SafetensorsHeader
{
    /// <summary>The reference implementation's own limit.</summary>
    private const int LongestHeader = 100_000_000;

    public const int LengthBytes = 8;

    private const string MetadataKey = "__metadata__";

    // A name that fits on a screen; the format itself has no limit.
    private const int LongestKey = 1024;

    private const int MostDimensions = 16;

    /// <exception cref="FormatException">What is wrong with it.</exception>
    public static WeightsContent Read(SafeFileHandle file)
    {
        Span<byte> length = stackalloc byte[LengthBytes];
        FileBytes.ReadExactly(file, length, 0);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(length);
        long fileLength = RandomAccess.GetLength(file);
        return headerLength <= LongestHeader && (long)headerLength <= fileLength - LengthBytes
            ? Parse(FileBytes.Read(file, LengthBytes, (int)headerLength), fileLength)
            : throw new FormatException($"its header claims {headerLength} bytes, more than there are");
    }

    private static WeightsContent Parse(ReadOnlyMemory<byte> header, long fileLength)
    {
        if (header.Length == 0 || header.Span[0] != (byte)'{')
            throw new FormatException("its header is no JSON object");

        long dataStart = LengthBytes + header.Length;
        var entries = new List<WeightsEntry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(header, new JsonDocumentOptions { MaxDepth = 8 });
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!seen.Add(property.Name))
                    throw new FormatException($"its header names '{Shorten(property.Name)}' twice");

                if (property.Name == MetadataKey)
                    ReadMetadata(property.Value, metadata);
                else
                    entries.Add(ReadEntry(property, dataStart, fileLength));
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new FormatException($"its header is no valid JSON ({exception.Message})", exception);
        }

        CheckCoverage(entries, dataStart, fileLength);
        return new WeightsContent(entries, metadata, StateDictionary: null);
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
            throw new FormatException("its metadata are no JSON object");

        foreach (JsonProperty property in element.EnumerateObject())
        {
            if (property.Value.ValueKind != JsonValueKind.String)
                throw new FormatException($"its metadata '{Shorten(property.Name)}' are no text");

            if (!metadata.TryAdd(property.Name, property.Value.GetString()!))
                throw new FormatException($"its metadata name '{Shorten(property.Name)}' twice");
        }
    }

    private static WeightsEntry ReadEntry(JsonProperty property, long dataStart, long fileLength)
    {
        string key = property.Name;
        if (key.Length is 0 or > LongestKey)
            throw new FormatException($"it has a tensor whose name has {key.Length} characters (1 to {LongestKey} are read)");

        JsonElement value = property.Value;
        if (value.ValueKind != JsonValueKind.Object
            || !value.TryGetProperty("dtype", out JsonElement dtype) || dtype.ValueKind != JsonValueKind.String
            || !value.TryGetProperty("shape", out JsonElement shapeElement) || shapeElement.ValueKind != JsonValueKind.Array
            || !value.TryGetProperty("data_offsets", out JsonElement offsetsElement) || offsetsElement.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"its tensor '{key}' lacks a dtype, a shape or data_offsets");
        }

        if (SafetensorsTypes.Find(dtype.GetString()!) is not var (type, elementSize))
            throw new FormatException($"its tensor '{key}' has the dtype '{Shorten(dtype.GetString()!)}' (read are {SafetensorsTypes.Names})");

        long[] shape = ReadNumbers(shapeElement, key, "shape", MostDimensions);
        long[] offsets = ReadNumbers(offsetsElement, key, "data_offsets", 2);
        if (offsets.Length != 2 || offsets[0] > offsets[1] || offsets[1] > fileLength - dataStart)
            throw new FormatException($"its tensor '{key}' lies outside of the file, which is cut off or altered");

        long byteCount = ByteCount(shape, elementSize, key);
        if (byteCount != offsets[1] - offsets[0])
            throw new FormatException($"its tensor '{key}' of the shape [{string.Join(", ", shape)}] and dtype {dtype.GetString()} needs {byteCount} bytes and has {offsets[1] - offsets[0]}");

        return new WeightsEntry(key, type, shape, Strides: null, dataStart + offsets[0], byteCount);
    }

    private static long[] ReadNumbers(JsonElement array, string key, string what, int most)
    {
        int count = array.GetArrayLength();
        if (count > most)
            throw new FormatException($"its tensor '{key}' has a {what} of {count} numbers");

        long[] numbers = new long[count];
        int i = 0;
        foreach (JsonElement element in array.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt64(out numbers[i]) || numbers[i] < 0)
                throw new FormatException($"its tensor '{key}' has a {what} that is no list of whole numbers from 0");

            i++;
        }

        return numbers;
    }

    private static long ByteCount(long[] shape, int elementSize, string key)
    {
        try
        {
            return checked(shape.Aggregate((long)elementSize, (product, length) => checked(product * length)));
        }
        catch (OverflowException exception)
        {
            throw new FormatException($"its tensor '{key}' has the impossible shape [{string.Join(", ", shape)}]", exception);
        }
    }

    // Tensors lie end to end: no overlap (two names for the same bytes), no gap (bytes that nobody asked for).
    private static void CheckCoverage(List<WeightsEntry> entries, long dataStart, long fileLength)
    {
        long end = dataStart;
        foreach (WeightsEntry entry in entries.OrderBy(entry => entry.Offset).ThenBy(entry => entry.ByteCount))
        {
            if (entry.Offset != end)
                throw new FormatException($"its tensor '{entry.Key}' {(entry.Offset < end ? "overlaps another" : "leaves a gap before it")}");

            end += entry.ByteCount;
        }

        if (end != fileLength)
            throw new FormatException($"it has {fileLength - end} bytes after its last tensor");
    }

    private static string Shorten(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
