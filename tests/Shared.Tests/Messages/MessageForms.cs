using CloudPipe.Messages;

namespace CloudPipe.Shared.Tests.Messages;

/// <summary>
/// Every message as JSON, by hand: what a process of this version writes, and what the versions before and after it must
/// read. A change here is a change of the form, which needs a new <see cref="Message.CurrentVersion"/>.
/// </summary>
internal static class MessageForms
{
    public const string Traceparent = "00-076e75ac3942eca2d3a6e75d4ad851ad-00f067aa0ba902b7-01";

    private const string Event = """{"specversion":"1.0","subject":"straße <7>.mp4"}""";

    public static IReadOnlyDictionary<string, Form> All { get; } = new Form[]
    {
        Form.Of(new CutMessage("film-0123456789abcdef", 3), """{"inspectionId":"film-0123456789abcdef","shardIndex":3,"version":1,"traceparent":@}"""),
        Form.Of(new ScoreMessage("film-0123456789abcdef", 3, 1), """{"inspectionId":"film-0123456789abcdef","shardIndex":3,"groupIndex":1,"version":1,"traceparent":@}"""),
        Form.Of(new ReduceMessage("film-0123456789abcdef", 3, 1), """{"inspectionId":"film-0123456789abcdef","shardIndex":3,"groupIndex":1,"version":1,"traceparent":@}"""),
        Form.Of(new TrainMessage("run-0123456789abcdef", "resnet18", 2, 5), """{"runId":"run-0123456789abcdef","architecture":"resnet18","fold":2,"slice":5,"version":1,"traceparent":@}"""),
        Form.Of(new ReduceRunMessage("run-0123456789abcdef", "resnet18", 2), """{"runId":"run-0123456789abcdef","architecture":"resnet18","fold":2,"version":1,"traceparent":@}"""),
        Form.Of(
            new DeliverMessage("city", "film-0123456789abcdef.completed", Event, 2),
            """{"endpointId":"city","eventId":"film-0123456789abcdef.completed","event":"{\"specversion\":\"1.0\",\"subject\":\"straße <7>.mp4\"}","attempt":2,"version":1,"traceparent":@}"""),
    }.ToDictionary(form => form.Message.GetType().Name);

    /// <summary>One message.</summary>
    /// <param name="Message">The message.</param>
    /// <param name="Untraced">Its JSON when nobody traces.</param>
    /// <param name="Traced">Its JSON with <see cref="Traceparent"/>.</param>
    /// <param name="Previous">Its JSON before there was a trace context.</param>
    /// <param name="Write">Writes it, with a trace context or without.</param>
    /// <param name="Read">Reads it.</param>
    public sealed record Form(Message Message, string Untraced, string Traced, string Previous, Func<string?, string> Write, Func<string, Message> Read)
    {
        public static Form Of<T>(T message, string json)
            where T : Message => new(
            message,
            json.Replace("@", "null", StringComparison.Ordinal),
            json.Replace("@", $"\"{Traceparent}\"", StringComparison.Ordinal),
            json.Replace(",\"traceparent\":@", "", StringComparison.Ordinal),
            traceparent => MessageSerializer.Serialize(message with { Traceparent = traceparent }),
            MessageSerializer.Deserialize<T>);
    }
}
