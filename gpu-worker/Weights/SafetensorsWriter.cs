using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace CloudPipe.GpuWorker.Weights;

/// <summary>
/// Writes safetensors files. The same tensors always give the same bytes; a file appears whole or not at all.
/// </summary>
public static class SafetensorsWriter
{
    private const int WriteBufferBytes = 1 << 20;

    /// <summary>Writes a file, replacing one of that name.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="tensors">By name; on any device, of any strides.</param>
    /// <param name="metadata">Free text fields for the header.</param>
    /// <param name="floatType">When given, float tensors are stored as this type: <see cref="ScalarType.Float16"/> halves a file of float32.</param>
    /// <exception cref="ArgumentException">A tensor's type has no name in safetensors.</exception>
    public static void Write(
        string path,
        IEnumerable<KeyValuePair<string, Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null,
        ScalarType? floatType = null)
    {
        Write(
            path,
            tensors.Select(entry => new WeightsSource(entry.Key, entry.Value.dtype, entry.Value.shape, () => entry.Value.alias())),
            metadata,
            floatType);
    }

    /// <summary>Writes a file of tensors that are read one after another, so that only one is in memory.</summary>
    internal static void Write(string path, IEnumerable<WeightsSource> sources, IReadOnlyDictionary<string, string>? metadata, ScalarType? floatType)
    {
        using DisposeScope scope = NewDisposeScope();
        using var noGrad = no_grad();

        // Largest elements first, so that each tensor is aligned to its element size; then by name.
        Stored[] ordered =
        [
            .. sources
                .Select(source => new Stored(source, StoredType(source.Type, floatType)))
                .OrderByDescending(stored => SafetensorsTypes.Of(stored.Type).Size)
                .ThenBy(stored => stored.Source.Key, StringComparer.Ordinal),
        ];
        byte[] header = Header(ordered, metadata);
        string temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                Span<byte> length = stackalloc byte[SafetensorsHeader.LengthBytes];
                BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
                stream.Write(length);
                stream.Write(header);
                foreach (Stored stored in ordered)
                    WriteData(stream, stored);

                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private static ScalarType StoredType(ScalarType own, ScalarType? floatType) =>
        floatType is ScalarType type && own is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 ? type : own;

    private static void WriteData(FileStream stream, Stored stored)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor data = stored.Source.Read().detach().to(DeviceType.CPU).to_type(stored.Type).contiguous();
        if (data.NumberOfElements > 0)
            data.WriteBytesToStream(stream, WriteBufferBytes);
    }

    private static byte[] Header(Stored[] ordered, IReadOnlyDictionary<string, string>? metadata)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach ((string key, string value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                    json.WriteString(key, value);

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (Stored stored in ordered)
            {
                (string type, int size) = SafetensorsTypes.Of(stored.Type);
                json.WriteStartObject(stored.Source.Key);
                json.WriteString("dtype", type);
                json.WriteStartArray("shape");
                foreach (long length in stored.Source.Shape)
                    json.WriteNumberValue(length);

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += stored.Source.Shape.Aggregate((long)size, (product, length) => product * length));
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Spaces up to a multiple of 8: the data after the header are aligned.
        int padding = (8 - (buffer.WrittenCount % 8)) % 8;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenSpan.ToArray();
    }

    private readonly record struct Stored(WeightsSource Source, ScalarType Type);
}
