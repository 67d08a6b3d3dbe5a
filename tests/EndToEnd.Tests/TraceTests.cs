using System.Diagnostics;
using System.Text.Json;
using CloudPipe.EndToEnd.Tests.Doubles;
using CloudPipe.EndToEnd.Tests.Support;
using CloudPipe.Inspections;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Telemetry;
using CloudPipe.Tests.Support;
using CloudPipe.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudPipe.EndToEnd.Tests;

/// <summary>The spans of one video of two shards, from the upload to the webhook, in the single-machine host.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    // Each message's step is the child of its send, and each send of the step that sends.
    private static readonly string[] _steps = ["ingest", "cut", "score", "reduce", "deliver"];

    private readonly RecordedSpans _spans = new();
    private readonly TemporaryFolder _videos = new();
    private HookReceiver _hook = null!;
    private ServedBucket _bucket = null!;

    public async Task InitializeAsync()
    {
        _hook = await HookReceiver.StartAsync();
        _bucket = await ServedBucket.CreateAsync(
            Topology.OneProcess,

            // The longest there is: a lock that a slow machine lets go would be one delivery more.
            new("CloudPipe:Queue:VisibilityTimeout", "00:05:00"),
            new("CloudPipe:Webhooks:AllowHttp", "true"),
            new("CloudPipe:Webhooks:AllowPrivateAddresses", "true"),
            new("CloudPipe:Webhooks:Endpoints:0:Id", "hook"),
            new("CloudPipe:Webhooks:Endpoints:0:Url", _hook.Url),
            new("CloudPipe:Webhooks:Endpoints:0:Secrets:0", WebhookSigner.CreateSecret()));
        await _bucket.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _bucket.DisposeAsync();
        await _hook.DisposeAsync();
        _videos.Dispose();
        _spans.Dispose();
    }

    [Fact]
    public async Task All_spans_of_one_video_form_one_trace_after_a_repeated_delivery_and_after_the_sweep_too()
    {
        InspectionResult result = await InspectAsync();
        ActivityTraceId trace = CloudPipeTrace.RootOf(result.InspectionId).TraceId;
        await UntilAsync(() => Named(trace, "process deliver").Count == 1);

        await AssertTreeAsync(trace, roots: 1);
        Assert.All(new[] { "cut", "score", "reduce" }, step => Assert.Equal((2, 2), (Named(trace, $"send {step}").Count, Named(trace, $"process {step}").Count)));
        Activity send = Assert.Single(Named(trace, "send events"));
        Activity deliver = Assert.Single(Named(trace, "process deliver"));
        (string header, string body) = Assert.Single(_hook.Requests);
        Assert.Equal(deliver.Id, header);
        Assert.Equal(send.Id, JsonDocument.Parse(body).RootElement.GetProperty("traceparent").GetString());
        Assert.Equal(200, deliver.GetTagItem("http.response.status_code"));

        // Delivered again, as after a crash: the very message, with the context that it was sent with.
        Activity sendScore = Named(trace, "send score")[0];
        var again = new OutgoingMessage(
            (string)sendScore.GetTagItem("messaging.message.id")!,
            $$"""{"inspectionId":"{{result.InspectionId}}","shardIndex":{{sendScore.GetTagItem("cloudpipe.shard")}},"groupIndex":0,"version":1,"traceparent":"{{sendScore.Id}}"}""");
        await _bucket.Queue.SendAsync(QueueNames.Score, again);
        await UntilAsync(() => Named(trace, "process reduce").Count == 3);
        Assert.Equal(2, Named(trace, "process score").Count(span => span.ParentSpanId == sendScore.SpanId));
        await AssertTreeAsync(trace, roots: 1);

        // Forgotten: no plan and no result, and no event ever comes again.
        await _bucket.Store.DeleteAsync(InspectionResult.PathOf(result.InspectionId));
        await _bucket.Store.DeleteAsync(InspectionPlan.PathOf(result.InspectionId));
        await ActivatorUtilities.CreateInstance<SweepStep>(_bucket.Services, new SweepOptions { IngestAfter = TimeSpan.Zero }).RunAsync(default);
        await UntilAsync(() => Named(trace, "process reduce").Count == 5);
        await AssertTreeAsync(trace, roots: 2);

        // Nothing that has to do with the video stands in another trace.
        Assert.All(
            _spans.Ended.Where(span => Equals(span.GetTagItem("cloudpipe.inspection.id"), result.InspectionId)),
            span => Assert.Equal(trace, span.TraceId));
    }

    private async Task AssertTreeAsync(ActivityTraceId trace, int roots)
    {
        // A span ends a moment after the sends within it.
        IReadOnlyList<Activity> spans = [];
        await UntilAsync(() =>
        {
            spans = Spans(trace);
            return spans.All(span => span.ParentId is null || spans.Any(parent => parent.SpanId == span.ParentSpanId));
        });
        Assert.All(spans, span => Assert.NotEqual(ActivityStatusCode.Error, span.Status));
        Assert.Equal(roots, spans.Count(span => span.ParentId is null));
        Dictionary<ActivitySpanId, Activity> byId = spans.ToDictionary(span => span.SpanId);
        foreach (Activity span in spans)
        {
            string? parent = span.ParentId is null ? null : byId[span.ParentSpanId].DisplayName;
            string[] words = span.DisplayName.Split(' ');
            string? expected = words switch
            {
                ["ingest"] => null,
                ["process", string step] => $"send {step}",
                ["send", "events"] => "process reduce",
                ["send", "cut"] => "ingest",
                ["send", string step] => $"process {_steps[Array.IndexOf(_steps, step) - 1]}",
                _ => throw new InvalidOperationException($"The span '{span.DisplayName}' is none of a video's."),
            };
            Assert.Equal((span.DisplayName, expected), (span.DisplayName, parent));
        }
    }

    private async Task<InspectionResult> InspectAsync()
    {
        string video = _videos.File("survey.mp4");
        await Videos.RenderAsync(video, seconds: 6);
        File.Move(video, Path.Combine(_bucket.Inspections, "survey.mp4"));
        InspectionResult result = Assert.Single(await _bucket.WaitAsync(uploads: 1)).Value;
        await _hook.First.WaitAsync(_patience);
        return result;
    }

    private IReadOnlyList<Activity> Spans(ActivityTraceId trace) => [.. _spans.Ended.Where(span => span.TraceId == trace)];

    private IReadOnlyList<Activity> Named(ActivityTraceId trace, string name) => [.. Spans(trace).Where(span => span.DisplayName == name)];

    private static async Task UntilAsync(Func<bool> holds)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < _patience, "The spans never come.");
            await Task.Delay(50);
        }
    }
}
