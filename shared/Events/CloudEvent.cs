using System.Text.Json;
using System.Text.Json.Serialization;
using CloudPipe.Messages;

namespace CloudPipe.Events;

/// <summary>An event in CloudEvents 1.0's JSON form, structured mode (https://github.com/cloudevents/spec, v1.0.2, json-format).</summary>
/// <param name="Id">Deterministic: a repeat of the same event carries the same id.</param>
/// <param name="Source">What it is about: the container.</param>
/// <param name="Type">What happened; see <see cref="EventTypes"/>.</param>
/// <param name="Subject">What it happened to: the blob's name.</param>
/// <param name="Time">When it happened.</param>
/// <param name="Data">The event's own fields.</param>
public sealed record CloudEvent(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("source")] string Source,
    [property: JsonPropertyName("type")] string Type,
    [property: JsonPropertyName("subject")] string Subject,
    [property: JsonPropertyName("time")] DateTimeOffset Time,
    [property: JsonPropertyName("data")] JsonElement Data)
{
    /// <summary>The media type of the structured form.</summary>
    public const string MediaType = "application/cloudevents+json";

    /// <summary>The longest structured form that CloudPipe sends: webhooks stay under 20 kB, as Standard Webhooks 1.0.0 asks.</summary>
    public const int LargestSize = 20_000;

    /// <summary>How much <see cref="Traceparent"/> adds to the structured form: its name, 55 characters, and JSON's own.</summary>
    internal const int TraceparentSize = 72;

    /// <summary>The version of the specification.</summary>
    [JsonPropertyName("specversion")]
    [JsonPropertyOrder(-1)]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>The media type of <see cref="Data"/>.</summary>
    [JsonPropertyName("datacontenttype")]
    public string DataContentType { get; init; } = "application/json";

    /// <summary>
    /// The W3C trace context of the span that sent the event (CloudEvents' extension Distributed Tracing); left out when
    /// nobody traces. A repeat of the same event may differ in it, and in nothing else.
    /// </summary>
    [JsonPropertyName("traceparent")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Traceparent { get; init; }

    /// <summary>Writes the structured form.</summary>
    /// <returns>JSON; the same event gives the same text.</returns>
    public string ToJson() => JsonSerializer.Serialize(this, CloudPipeJson.Options);
}
