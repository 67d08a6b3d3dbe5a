using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudPipe.Events;
using CloudPipe.Inspections;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Telemetry;
using CloudPipe.Tests.Support;
using CloudPipe.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudPipe.Shared.Tests.Events;

public class InspectionEventsTests
{
    private static readonly InspectionResult _result = new(
        "film-00", "street/film.mp4", "1", InspectionStatus.Completed, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), null, "demo",
        new VideoInfo(42.5, 0, 1280, 720, 25, "h264", "mov", 0),
        [new LabelScore(1, "CK", "joint offset", 0.75)], [new LabelScore(1, "CK", "joint offset", 0.75)],
        [new SegmentScore(0, 0, 42.5, [0.75])], new Dictionary<string, string> { ["asset"] = "P-17" }, 5);

    [Fact]
    public void It_is_a_structured_cloud_event_with_a_summary_and_links()
    {
        using JsonDocument json = JsonDocument.Parse(InspectionEvents.Create(_result).ToJson());
        JsonElement root = json.RootElement;

        Assert.Equal(
            ["specversion", "id", "source", "type", "subject", "time", "data", "datacontenttype"], root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("1.0", root.GetProperty("specversion").GetString());
        Assert.Equal("film-00.completed", root.GetProperty("id").GetString());
        Assert.Equal("inspections", root.GetProperty("source").GetString());
        Assert.Equal("com.cloudpipe.inspection.completed", root.GetProperty("type").GetString());
        Assert.Equal("street/film.mp4", root.GetProperty("subject").GetString());
        Assert.Equal("2026-01-02T03:04:05+00:00", root.GetProperty("time").GetString());
        Assert.Equal("application/json", root.GetProperty("datacontenttype").GetString());

        JsonElement data = root.GetProperty("data");
        Assert.Equal("completed", data.GetProperty("status").GetString());
        Assert.Equal("CK", data.GetProperty("defects")[0].GetProperty("code").GetString());
        Assert.Equal("P-17", data.GetProperty("metadata").GetProperty("asset").GetString());
        Assert.Equal("results/film-00/result.json", data.GetProperty("resultPath").GetString());
        Assert.Equal("results/film-00/report.html", data.GetProperty("reportPath").GetString());
        Assert.Equal(0, data.GetProperty("truncated").GetArrayLength());
    }

    [Fact]
    public void It_says_how_familiar_the_footage_is_and_nothing_when_nobody_knows()
    {
        using JsonDocument known = JsonDocument.Parse(InspectionEvents.Create(_result with { Familiarity = 0, Unfamiliar = true }).ToJson());
        using JsonDocument unknown = JsonDocument.Parse(InspectionEvents.Create(_result).ToJson());

        Assert.Equal(0, known.RootElement.GetProperty("data").GetProperty("familiarity").GetDouble());
        Assert.True(known.RootElement.GetProperty("data").GetProperty("unfamiliar").GetBoolean());
        Assert.DoesNotContain("amiliar", unknown.RootElement.GetProperty("data").GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InspectionStatus.Rejected, "com.cloudpipe.inspection.rejected", "film-00.rejected")]
    [InlineData(InspectionStatus.Failed, "com.cloudpipe.inspection.failed", "film-00.failed")]
    public void Type_and_id_follow_the_status(InspectionStatus status, string type, string id)
    {
        CloudEvent cloudEvent = InspectionEvents.Create(_result with { Status = status });

        Assert.Equal((type, id), (cloudEvent.Type, cloudEvent.Id));
    }

    [Fact]
    public void A_result_that_was_stored_and_read_gives_the_same_event_byte_for_byte()
    {
        var read = JsonSerializer.Deserialize<InspectionResult>(JsonSerializer.Serialize(_result, CloudPipeJson.Indented), CloudPipeJson.Options)!;

        Assert.Equal(InspectionEvents.Create(_result).ToJson(), InspectionEvents.Create(read).ToJson());
    }

    [Fact]
    public void However_much_there_is_to_say_it_stays_under_20_kB_and_says_what_is_missing()
    {
        LabelScore[] many = [.. Enumerable.Range(0, 500).Select(index => new LabelScore(index, $"C{index}", new string('x', 100), 0.9))];
        InspectionResult large = _result with
        {
            BlobName = new string('\u0001', 1024),
            Reason = new InspectionReason(ReasonCode.StepFailed, string.Concat(Enumerable.Repeat("🕳", 20_000))),
            Defects = many,
            Metadata = Enumerable.Range(0, 1000).ToDictionary(index => $"key{index}", _ => "value"),
        };

        CloudEvent cloudEvent = InspectionEvents.Create(large);

        Assert.True(Encoding.UTF8.GetByteCount(cloudEvent.ToJson()) < 20_000);
        Assert.Equal(
            ["metadata", "defects", "reason", "blobName"], cloudEvent.Data.GetProperty("truncated").EnumerateArray().Select(element => element.GetString()));
    }

    [Fact]
    public void Only_what_has_to_go_goes()
    {
        InspectionResult large = _result with { Metadata = Enumerable.Range(0, 2000).ToDictionary(index => $"key{index}", _ => "value") };

        JsonElement data = InspectionEvents.Create(large).Data;

        Assert.Equal(["metadata"], data.GetProperty("truncated").EnumerateArray().Select(element => element.GetString()));
        Assert.Equal(1, data.GetProperty("defects").GetArrayLength());
    }

    [Fact]
    public async Task It_carries_the_trace_context_of_its_send_to_the_queue_and_to_endpoints_and_a_repeat_differs_in_nothing_else()
    {
        string inspection = $"film-{Guid.NewGuid():N}";
        using var spans = new RecordedSpans(CloudPipeTrace.RootOf(inspection).TraceId);
        using var blobs = new ObservedBlobStore();
        var queue = new RecordingQueue();
        var options = new WebhookOptions { Endpoints = [new WebhookEndpointOptions { Id = "all", Url = "https://a.example/", Secrets = [WebhookSigner.CreateSecret()] }] };
        var webhooks = new WebhookStore(blobs, Options.Create(options), new ManualTime(), NullLogger<WebhookStore>.Instance);
        CloudEvent cloudEvent = InspectionEvents.Create(_result with { InspectionId = inspection });

        await new EventPublisher(blobs, queue, webhooks).PublishAsync(cloudEvent);
        await new EventPublisher(blobs, queue, webhooks).PublishAsync(cloudEvent);

        string[] bodies = [.. queue.Sent(QueueNames.Events).Select(message => message.Body)];
        string[] contexts = [.. spans.Ended.Where(span => span.DisplayName == "send events").Select(span => span.Id!)];
        Assert.Equal(contexts.Select(context => (cloudEvent with { Traceparent = context }).ToJson()), bodies);
        Assert.Equal(bodies, queue.Sent(QueueNames.Deliver).Select(message => MessageSerializer.Deserialize<DeliverMessage>(message.Body).Event));
        Assert.Equal(2, contexts.Distinct().Count());
        Assert.All(bodies, body => Assert.Equal(cloudEvent.ToJson(), Regex.Replace(body, ",\"traceparent\":\"[^\"]*\"", "")));
        Assert.All(bodies, body => Assert.Equal(72, body.Length - cloudEvent.ToJson().Length));
    }

    [Fact]
    public async Task It_goes_to_the_queue_always_and_to_each_enabled_endpoint_that_wants_it()
    {
        using var blobs = new ObservedBlobStore();
        var queue = new RecordingQueue();
        var options = new WebhookOptions
        {
            Endpoints = [.. new[] { ("all", ""), ("completed", EventTypes.InspectionCompleted), ("runs", EventTypes.RunCompleted), ("gone", "") }.Select(entry =>
                new WebhookEndpointOptions { Id = entry.Item1, Url = "https://a.example/", Secrets = [WebhookSigner.CreateSecret()], EventTypes = entry.Item2.Length == 0 ? [] : [entry.Item2] })],
        };
        var webhooks = new WebhookStore(blobs, Options.Create(options), new ManualTime(), NullLogger<WebhookStore>.Instance);
        await webhooks.DisableAsync((await webhooks.FindAsync("gone"))!, "gone");
        CloudEvent cloudEvent = InspectionEvents.Create(_result);

        await new EventPublisher(blobs, queue, webhooks).PublishAsync(cloudEvent);

        Assert.Equal(["film-00.completed"], queue.Sent(QueueNames.Events).Select(message => message.Id));
        Assert.Equal(["film-00.completed.all.1", "film-00.completed.completed.1"], queue.Sent(QueueNames.Deliver).Select(message => message.Id));
        Assert.All(queue.Sent(QueueNames.Deliver), message => Assert.Equal(cloudEvent.ToJson(), MessageSerializer.Deserialize<DeliverMessage>(message.Body).Event));
        Assert.NotNull(await blobs.FindAsync(DeliveryLog.EventPath("film-00.completed")));
    }
}
