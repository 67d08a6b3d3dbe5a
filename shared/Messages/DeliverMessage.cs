using System.Text.Json.Serialization;

namespace CloudPipe.Messages;

/// <summary>Deliver one event to one webhook endpoint.</summary>
/// <param name="EndpointId">The endpoint's id.</param>
/// <param name="EventId">The event's id: the <c>webhook-id</c> header.</param>
/// <param name="Event">The CloudEvent's JSON, sent as it is.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
public sealed record DeliverMessage(string EndpointId, string EventId, string Event, int Attempt) : Message
{
    /// <summary>The message's id: the same for the same attempt.</summary>
    [JsonIgnore]
    public string Id => $"{EventId}.{EndpointId}.{Attempt}";
}
