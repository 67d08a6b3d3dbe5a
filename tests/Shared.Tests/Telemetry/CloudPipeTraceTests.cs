using System.Diagnostics;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Telemetry;
using CloudPipe.Tests.Support;

namespace CloudPipe.Shared.Tests.Telemetry;

public sealed class CloudPipeTraceTests
{
    private readonly string _inspection = $"film-{Guid.NewGuid():N}";
    private readonly RecordingQueue _queue = new();

    [Fact]
    public void A_trace_follows_from_the_id_alone()
    {
        ActivityContext root = CloudPipeTrace.RootOf("film-0123456789abcdef");

        // printf film-0123456789abcdef | sha256sum
        Assert.Equal("076e75ac3942eca2d3a6e75d4ad851ad", root.TraceId.ToHexString());
        Assert.Equal(default, root.SpanId);
    }

    [Fact]
    public async Task A_message_carries_the_context_of_its_send_which_is_the_child_of_the_step()
    {
        using RecordedSpans spans = Listen();
        using (CloudPipeTrace.StartStep("ingest", TraceSubject.OfInspection(_inspection)))
        {
            await SendAsync();
        }

        Activity[] ended = [.. spans.Ended];
        Assert.Equal(["ingest", "send cut"], ended.Select(span => span.DisplayName));
        Assert.Null(ended[0].ParentId);
        Assert.Equal(ended[0].SpanId, ended[1].ParentSpanId);
        Assert.Equal(ActivityKind.Producer, ended[1].Kind);
        OutgoingMessage sent = Assert.Single(_queue.Sent(QueueNames.Cut));
        Assert.Equal(ended[1].Id, MessageSerializer.Deserialize<CutMessage>(sent.Body).Traceparent);
        Assert.Equal(ended[1].Id, sent.Traceparent);
    }

    [Fact]
    public async Task Two_sends_of_the_same_work_differ_in_the_trace_context_alone()
    {
        using RecordedSpans spans = Listen();
        await SendAsync();
        await SendAsync();

        OutgoingMessage[] sent = [.. _queue.Sent(QueueNames.Cut)];
        CutMessage[] messages = [.. sent.Select(message => MessageSerializer.Deserialize<CutMessage>(message.Body))];
        Assert.Equal(sent[0].Id, sent[1].Id);
        Assert.NotEqual(messages[0].Traceparent, messages[1].Traceparent);
        Assert.Equal(messages[0] with { Traceparent = null }, messages[1] with { Traceparent = null });
        Assert.Single(spans.Ended.Select(span => span.TraceId).Distinct());
    }

    [Fact]
    public async Task Where_nobody_listens_there_is_no_span_and_a_message_keeps_the_context_it_came_with()
    {
        using Activity? step = CloudPipeTrace.StartStep("ingest", TraceSubject.OfInspection(_inspection));
        await SendAsync();
        await SendAsync(Traceparent());

        Assert.Null(step);
        Assert.Null(Activity.Current);
        Assert.Equal([null, Traceparent()], _queue.Sent(QueueNames.Cut).Select(sent => MessageSerializer.Deserialize<CutMessage>(sent.Body).Traceparent));
    }

    [Fact]
    public void A_step_is_the_child_of_the_send_and_says_what_it_is_about()
    {
        using RecordedSpans spans = Listen();
        string traceparent = Traceparent();
        CloudPipeTrace.StartProcess("sqlite", Delivery(deliveryCount: 2), new ScoreMessage(_inspection, 4, 1) { Traceparent = traceparent })?.Dispose();

        Activity span = Assert.Single(spans.Ended);
        Assert.Equal("process score", span.DisplayName);
        Assert.Equal(ActivityKind.Consumer, span.Kind);
        Assert.Equal(traceparent, span.ParentId);
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["messaging.system"] = "sqlite",
                ["messaging.destination.name"] = "score",
                ["messaging.message.id"] = "m",
                ["messaging.operation.name"] = "process",
                ["messaging.operation.type"] = "process",
                ["cloudpipe.delivery.count"] = 2,
                ["cloudpipe.inspection.id"] = _inspection,
                ["cloudpipe.shard"] = 4,
                ["cloudpipe.group"] = 1,
            },
            span.TagObjects.ToDictionary());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no trace")]
    [InlineData("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [InlineData("00-076e75ac3942eca2d3a6e75d4ad851ad-0000000000000000-01")]
    [InlineData("ff-076e75ac3942eca2d3a6e75d4ad851ad-00f067aa0ba902b7-01")]
    [InlineData("00-076E75AC3942ECA2D3A6E75D4AD851AD-00F067AA0BA902B7-01")]
    public void A_message_without_a_usable_context_joins_its_inspection_s_trace(string? traceparent)
    {
        using RecordedSpans spans = Listen();
        CloudPipeTrace.StartProcess("sqlite", Delivery(), new ScoreMessage(_inspection, 0, 0) { Traceparent = traceparent })?.Dispose();

        Activity span = Assert.Single(spans.Ended);
        Assert.Equal(CloudPipeTrace.RootOf(_inspection).TraceId, span.TraceId);
        Assert.Null(span.ParentId);
    }

    [Fact]
    public async Task The_span_of_a_server_around_the_step_is_linked_and_neither_parent_nor_context()
    {
        using RecordedSpans spans = Listen();
        using Activity server = new Activity("server").Start();
        await SendAsync();
        string traceparent = Traceparent();
        CloudPipeTrace.StartProcess("sqlite", Delivery(), new ScoreMessage(_inspection, 0, 0) { Traceparent = traceparent })?.Dispose();

        Assert.Equal([null, traceparent], spans.Ended.Select(span => span.ParentId));
        Assert.All(spans.Ended, span => Assert.Equal(server.Context, Assert.Single(span.Links).Context));
        Assert.Equal(spans.Ended[0].Id, MessageSerializer.Deserialize<CutMessage>(Assert.Single(_queue.Sent(QueueNames.Cut)).Body).Traceparent);
    }

    [Fact]
    public async Task A_send_that_fails_says_what_kind_of_error_and_nothing_of_its_text()
    {
        using RecordedSpans spans = Listen();
        _queue.Before = _ => throw new IOException("https://account.example/?sig=secret");
        await Assert.ThrowsAsync<IOException>(() => SendAsync());

        Activity span = Assert.Single(spans.Ended);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Equal("System.IO.IOException", span.GetTagItem("error.type"));
        Assert.DoesNotContain("secret", string.Concat(span.TagObjects) + span.StatusDescription + string.Concat(span.Events), StringComparison.Ordinal);
    }

    [Fact]
    public void Work_that_is_called_off_has_not_failed()
    {
        using RecordedSpans spans = Listen();
        using (Activity? span = CloudPipeTrace.StartStep("ingest", TraceSubject.OfInspection(_inspection)))
        {
            span.Fail(new TaskCanceledException());
        }

        Assert.Equal(ActivityStatusCode.Unset, Assert.Single(spans.Ended).Status);
    }

    [Theory]
    [InlineData("film-00.completed", "film-00")]
    [InlineData("film-00", null)]
    [InlineData("Film 00.completed", null)]
    public void An_event_belongs_to_what_it_tells_of(string eventId, string? subjectId) => Assert.Equal(subjectId, TraceSubject.OfEvent(eventId).Id);

    private static ReceivedMessage Delivery(int deliveryCount = 1) => new(QueueNames.Score, "m", "{}", deliveryCount, default, "receipt");

    private RecordedSpans Listen() => new(CloudPipeTrace.RootOf(_inspection).TraceId);

    private string Traceparent() => $"00-{CloudPipeTrace.RootOf(_inspection).TraceId.ToHexString()}-00f067aa0ba902b7-01";

    private Task SendAsync(string? traceparent = null) =>
        _queue.SendAsync($"cut:{_inspection}:0", new CutMessage(_inspection, 0) { Traceparent = traceparent });
}
