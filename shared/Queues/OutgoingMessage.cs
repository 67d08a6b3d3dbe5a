namespace CloudPipe.Queues;

/// <summary>A message to send.</summary>
/// <param name="Id">Deterministic: a repeat of the same work carries the same id. It arrives all the same; it may bring news.</param>
/// <param name="Body">UTF-8 text, JSON in CloudPipe; any size (large bodies travel as a claim check).</param>
/// <param name="Delay">How long the message stays invisible first.</param>
public sealed record OutgoingMessage(string Id, string Body, TimeSpan Delay = default)
{
    /// <summary>The W3C trace context that the body carries too, for transports whose own tools look for it beside the body.</summary>
    public string? Traceparent { get; init; }
}
