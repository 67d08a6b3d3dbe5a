using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudPipe.Queues.Storage;

/// <summary>
/// The text of a message in Azure Storage Queues, which know neither ids nor properties. A JSON object that names its
/// own id, such as a CloudEvent, travels as it is, so that any program can read it; anything else in an envelope.
/// </summary>
/// <param name="Id">The sender's id.</param>
/// <param name="Body">The body, unless it is kept elsewhere.</param>
/// <param name="Claim">Where the body is kept; see <see cref="ClaimCheck"/>.</param>
internal sealed record StorageMessageText(string Id, string? Body, string? Claim)
{
    // 64 KiB in base64.
    private const int LongestText = 48 * 1024; // bytes

    private static readonly JsonSerializerOptions _options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Default,
    };

    /// <summary>Writes the text.</summary>
    /// <param name="base64">Whether the queue carries base64, as Azure Functions expects, or plain text.</param>
    /// <returns>The text, or <see langword="null"/> when the body is too large and must be kept elsewhere.</returns>
    public string? Write(bool base64)
    {
        string text = Body is not null && OwnId(Body) == Id ? Body : JsonSerializer.Serialize(new Envelope(1, Id, Body, Claim), _options);
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        return bytes.Length > LongestText ? null : base64 ? Convert.ToBase64String(bytes) : text;
    }

    /// <summary>Reads a text, also one that another program has sent, in base64 or not.</summary>
    /// <param name="text">The text.</param>
    /// <param name="transportId">The id of a message that has none of its own.</param>
    public static StorageMessageText Read(string text, string transportId)
    {
        string plain = text.TrimStart().StartsWith('{') ? text : FromBase64(text) ?? text;
        return ReadEnvelope(plain) is { } envelope
            ? new StorageMessageText(envelope.Id, envelope.Body, envelope.Claim)
            : new StorageMessageText(OwnId(plain) ?? transportId, plain, null);
    }

    private static string? FromBase64(string text)
    {
        byte[] bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length))
        {
            return null;
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static Envelope? ReadEnvelope(string text)
    {
        try
        {
            return text.StartsWith("{\"cloudPipe\":1,", StringComparison.Ordinal) ? JsonSerializer.Deserialize<Envelope>(text, _options) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? OwnId(string body)
    {
        // A transport of XML cannot carry every character as it is; the envelope escapes them.
        if (!body.StartsWith('{') || body.Any(character => !System.Xml.XmlConvert.IsXmlChar(character) && !char.IsSurrogate(character)))
        {
            return null;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return document.RootElement.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Envelope(int CloudPipe, string Id, string? Body, string? Claim);
}
