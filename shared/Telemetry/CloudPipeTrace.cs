using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using CloudPipe.Messages;
using CloudPipe.Queues;

namespace CloudPipe.Telemetry;

/// <summary>
/// One trace for each inspection and each training run: the spans of its steps, each the child of the send that asked for
/// it. Without a listener no span is made. Spans of HttpClient and of Azure's own clients hold URLs, which may carry a
/// signature: they come from other sources, which CloudPipe does not export.
/// </summary>
public static class CloudPipeTrace
{
    /// <summary>The activity source's name.</summary>
    public const string SourceName = "CloudPipe";

    private const string Send = "send";
    private const string Process = "process";

    private static readonly ActivitySource _source = new(SourceName);

    /// <summary>
    /// The running span of CloudPipe, if any. A web server's or a client's own span is none: what it belongs to is not the
    /// inspection's trace.
    /// </summary>
    public static Activity? Current => Activity.Current is { } activity && activity.Source == _source ? activity : null;

    /// <summary>The W3C trace context of <see cref="Current"/>, as messages and requests carry it.</summary>
    public static string? CurrentTraceparent => Current?.Id;

    /// <summary>
    /// The trace of an inspection or a training run. It follows from the id alone: the upload's event, the sweep and a
    /// repeat after a crash know nothing of one another, and still their spans stand in one trace. A message without a trace
    /// context joins it too, be it from an older version or from a process that does not trace.
    /// </summary>
    /// <param name="subjectId">The inspection's or the run's id.</param>
    /// <returns>A trace without a parent: whoever starts from it starts a root span.</returns>
    public static ActivityContext RootOf(string subjectId)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(subjectId));
        return new ActivityContext(ActivityTraceId.CreateFromBytes(hash.AsSpan(0, 16)), default, ActivityTraceFlags.None, isRemote: true);
    }

    /// <summary>Starts the span of a step that no message asks for: the first one of an inspection or a run.</summary>
    /// <param name="name">The step's name, for example <c>ingest</c>.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="traceparent">The trace context that it follows from, if known; one that is malformed is ignored.</param>
    /// <returns>The span, to be disposed, or <see langword="null"/>.</returns>
    public static Activity? StartStep(string name, TraceSubject subject, string? traceparent = null) =>
        _source.HasListeners() ? Start(name, ActivityKind.Consumer, ParentOf(subject, traceparent), subject.Attributes) : null;

    /// <summary>Starts the span of a message's step, as the child of the span that sent the message.</summary>
    /// <param name="transport">What carries messages; see <see cref="IMessageQueue.TransportName"/>.</param>
    /// <param name="delivery">The message as received.</param>
    /// <param name="message">The message as read.</param>
    /// <returns>The span, to be disposed, or <see langword="null"/>.</returns>
    public static Activity? StartProcess(string transport, ReceivedMessage delivery, Message message)
    {
        if (!_source.HasListeners())
        {
            return null;
        }

        var subject = TraceSubject.Of(message);
        return Start(
            $"{Process} {delivery.Queue}",
            ActivityKind.Consumer,
            ParentOf(subject, message.Traceparent),
            [.. Messaging(transport, delivery.Queue, delivery.Id, Process), new(TraceAttributes.DeliveryCount, delivery.DeliveryCount), .. subject.Attributes]);
    }

    /// <summary>Starts the span of sending a message; what is serialized within it carries its context.</summary>
    /// <param name="transport">What carries messages; see <see cref="IMessageQueue.TransportName"/>.</param>
    /// <param name="queue">The queue.</param>
    /// <param name="messageId">The message's id.</param>
    /// <param name="subject">What the message is about.</param>
    /// <returns>The span, to be disposed, or <see langword="null"/>.</returns>
    public static Activity? StartSend(string transport, string queue, string messageId, TraceSubject subject) => _source.HasListeners()
        ? Start(
            $"{Send} {queue}",
            ActivityKind.Producer,
            Current?.Context ?? ParentOf(subject, null),
            [.. Messaging(transport, queue, messageId, Send), .. subject.Attributes])
        : null;

    /// <summary>
    /// Marks a span as failed. The exception's message stays out of it, for it may quote an address with a signature; the
    /// log line of the same trace has it.
    /// </summary>
    /// <param name="activity">The span, if there is one.</param>
    /// <param name="exception">What went wrong; work that is called off has not failed.</param>
    public static void Fail(this Activity? activity, Exception exception)
    {
        if (exception is not OperationCanceledException)
        {
            activity.Fail(exception.GetType().FullName ?? exception.GetType().Name);
        }
    }

    /// <summary>Marks a span as failed.</summary>
    /// <param name="activity">The span, if there is one.</param>
    /// <param name="errorType">What went wrong: one of few words.</param>
    public static void Fail(this Activity? activity, string errorType) =>
        activity?.SetStatus(ActivityStatusCode.Error).SetTag(TraceAttributes.ErrorType, errorType);

    /// <summary>Reads a trace context from outside.</summary>
    /// <param name="traceparent">The text, if there is one.</param>
    /// <returns>The context, or <see langword="null"/> when the text is none: it is only for those who look, and never worth an error.</returns>
    public static ActivityContext? Parse(string? traceparent) =>
        ActivityContext.TryParse(traceparent, null, isRemote: true, out ActivityContext context) ? context : null;

    private static ActivityContext ParentOf(TraceSubject subject, string? traceparent) =>
        Parse(traceparent) ?? (subject.Id is null ? default : RootOf(subject.Id));

    private static KeyValuePair<string, object?>[] Messaging(string transport, string queue, string messageId, string operation) =>
    [
        new(TraceAttributes.MessagingSystem, transport),
        new(TraceAttributes.Queue, queue),
        new(TraceAttributes.MessageId, messageId),
        new(TraceAttributes.OperationName, operation),
        new(TraceAttributes.OperationType, operation),
    ];

    private static Activity? Start(string name, ActivityKind kind, ActivityContext parent, IEnumerable<KeyValuePair<string, object?>> attributes)
    {
        // The Functions host's own span, for example: the message's context is the parent, and this one stays in sight.
        Activity? around = Activity.Current;
        ActivityLink[] links = around is { IdFormat: ActivityIdFormat.W3C } && around.Source != _source ? [new ActivityLink(around.Context)] : [];
        if (parent.SpanId == default)
        {
            // .NET would make the running span the parent of one that has none, whatever its trace.
            Activity.Current = null;
        }

        Activity? span = _source.StartActivity(kind, parent, attributes, links, name: name);
        if (span is null)
        {
            Activity.Current = around;
        }

        return span;
    }
}
