using System.Text.Json;
using CloudPipe.Telemetry;

namespace CloudPipe.Messages;

/// <summary>Messages to JSON and back; one form on every transport.</summary>
public static class MessageSerializer
{
    /// <summary>Writes a message, with the trace context of the span that is running.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="message">The message. One that was made from another keeps that one's trace context while this process does not trace.</param>
    /// <returns>JSON.</returns>
    public static string Serialize<T>(T message)
        where T : Message => JsonSerializer.Serialize(WithTraceparent(message), CloudPipeJson.Options);

    /// <summary>Reads a message.</summary>
    /// <typeparam name="T">The type that the queue carries.</typeparam>
    /// <param name="body">JSON.</param>
    /// <returns>The message.</returns>
    /// <exception cref="MessageFormatException">It is no such JSON, or of a version newer than this code.</exception>
    public static T Deserialize<T>(string body)
        where T : Message
    {
        string kind = typeof(T).Name;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("version", out JsonElement element)
                && element.TryGetInt32(out int version)
                && version > Message.CurrentVersion)
            {
                throw new MessageFormatException(
                    $"This {kind} has version {version}; this process reads up to version {Message.CurrentVersion}. Update it, then requeue the message.");
            }

            return document.Deserialize<T>(CloudPipeJson.Options)
                ?? throw new MessageFormatException($"This {kind} is the JSON value null. Send an object, or drop the message.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new MessageFormatException($"This is no {kind} in JSON: {exception.Message}", exception);
        }
    }

    private static T WithTraceparent<T>(T message)
        where T : Message => CloudPipeTrace.CurrentTraceparent is { } current ? message with { Traceparent = current } : message;
}
