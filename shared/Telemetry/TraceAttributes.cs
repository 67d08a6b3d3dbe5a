namespace CloudPipe.Telemetry;

/// <summary>
/// The names of span and metric attributes: OpenTelemetry's semantic conventions where they have one
/// (https://github.com/open-telemetry/semantic-conventions, messaging, HTTP, CloudEvents), else below <c>cloudpipe</c>.
/// </summary>
public static class TraceAttributes
{
    /// <summary>What carries messages: <c>servicebus</c>, <c>azure_storage_queues</c> or <c>sqlite</c>.</summary>
    public const string MessagingSystem = "messaging.system";

    /// <summary>The queue.</summary>
    public const string Queue = "messaging.destination.name";

    /// <summary>The message's id.</summary>
    public const string MessageId = "messaging.message.id";

    /// <summary>What is done with the message: <c>send</c> or <c>process</c>.</summary>
    public const string OperationName = "messaging.operation.name";

    /// <summary>The same, among the kinds that the conventions know.</summary>
    public const string OperationType = "messaging.operation.type";

    /// <summary>What went wrong: the exception's type, or an HTTP status.</summary>
    public const string ErrorType = "error.type";

    /// <summary>The status that a webhook's receiver answered with.</summary>
    public const string HttpStatus = "http.response.status_code";

    /// <summary>A webhook's host; the rest of its URL may hold a secret.</summary>
    public const string Host = "server.address";

    /// <summary>The CloudEvent's id.</summary>
    public const string EventId = "cloudevents.event_id";

    /// <summary>The inspection's id.</summary>
    public const string InspectionId = "cloudpipe.inspection.id";

    /// <summary>How an inspection ended: <c>completed</c>, <c>rejected</c> or <c>failed</c>.</summary>
    public const string InspectionStatus = "cloudpipe.inspection.status";

    /// <summary>Why an inspection was rejected: a reason code.</summary>
    public const string InspectionReason = "cloudpipe.inspection.reason";

    /// <summary>The training run's id.</summary>
    public const string RunId = "cloudpipe.run.id";

    /// <summary>How a training run ended: <c>completed</c> or <c>failed</c>.</summary>
    public const string RunStatus = "cloudpipe.run.status";

    /// <summary>The shard's index, from 0.</summary>
    public const string Shard = "cloudpipe.shard";

    /// <summary>The member group's index, from 0.</summary>
    public const string Group = "cloudpipe.group";

    /// <summary>The network that is trained, by its catalog name.</summary>
    public const string Architecture = "cloudpipe.architecture";

    /// <summary>The fold that is held out, from 0.</summary>
    public const string Fold = "cloudpipe.fold";

    /// <summary>The slice of a fold's training, from 0.</summary>
    public const string Slice = "cloudpipe.slice";

    /// <summary>How often a message has been received, this time included.</summary>
    public const string DeliveryCount = "cloudpipe.delivery.count";

    /// <summary>The webhook endpoint's id.</summary>
    public const string EndpointId = "cloudpipe.endpoint.id";

    /// <summary>Which attempt to call a webhook, from 1.</summary>
    public const string Attempt = "cloudpipe.delivery.attempt";

    /// <summary>How an attempt to call a webhook ended: <c>delivered</c>, <c>retrying</c>, <c>failed</c> or <c>endpointDisabled</c>.</summary>
    public const string DeliveryOutcome = "cloudpipe.delivery.outcome";

    /// <summary>Whether a queue's messages are <c>pending</c> or <c>dead</c>.</summary>
    public const string MessageState = "cloudpipe.message.state";

    /// <summary>What a process does: <c>up</c>, <c>functions</c> or <c>worker</c>; an attribute of the resource.</summary>
    public const string Role = "cloudpipe.role";
}
