using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudPipe.Familiarity;

/// <summary>
/// Numbers that are float32 as one text: little-endian, base64. A release has thousands of them for each network; as JSON
/// numbers they would be four times as long, a line each, and hide what a person reads a release for.
/// </summary>
internal sealed class PackedNumbers : JsonConverter<IReadOnlyList<double>>
{
    public override IReadOnlyList<double> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out byte[]? bytes) || bytes.Length % sizeof(float) != 0)
            throw new JsonException("Numbers are expected here as the base64 of float32, little-endian.");

        return [.. bytes.Chunk(sizeof(float)).Select(number => (double)BinaryPrimitives.ReadSingleLittleEndian(number))];
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<double> value, JsonSerializerOptions options)
    {
        byte[] bytes = new byte[value.Count * sizeof(float)];
        for (int i = 0; i < value.Count; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), (float)value[i]);

        writer.WriteBase64StringValue(bytes);
    }
}
