using System.Text;
using CloudPipe.Functions.Api.Webhooks;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Storage;
using CloudPipe.Webhooks;

namespace CloudPipe.Functions.Tests.Api;

public sealed class DeliveriesApiTests : IDisposable
{
    private const string EventId = "film-01.completed";
    private const string Event = """{"id":"film-01.completed","type":"com.cloudpipe.inspection.completed"}""";

    private readonly Bucket _bucket = new();

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task Every_attempt_is_shown()
    {
        await KeepEventAsync();
        foreach (int number in new[] { 1, 2 })
        {
            await _bucket.Get<DeliveryLog>().WriteAsync(new DeliveryAttempt(
                EventId, "city", number, "example.com", _bucket.Time.Now, 12.5, 503, DeliveryOutcome.Retrying, "busy", TimeSpan.FromSeconds(5)));
        }

        DeliveryView view = (await _bucket.Api.GetAsync($"/api/deliveries/{EventId}")).Read<DeliveryView>();

        Assert.Equal([("city", 1, 503), ("city", 2, 503)], view.Attempts.Select(attempt => (attempt.EndpointId, attempt.Attempt, attempt.StatusCode!.Value)));
    }

    [Fact]
    public async Task A_replay_goes_to_every_endpoint_that_wants_the_event()
    {
        await KeepEventAsync();
        await SaveAsync("all", null);
        await SaveAsync("runs", "com.cloudpipe.run.failed");
        await SaveAsync("wants", "com.cloudpipe.inspection.completed");
        await SaveAsync("gone", null);
        await _bucket.Get<WebhookStore>().DisableAsync((await _bucket.Get<WebhookStore>().FindAsync("gone"))!, "410");

        ApiResponse response = await _bucket.Api.PostAsync($"/api/deliveries/{EventId}/replay", null);

        Assert.Equal((202, $"/api/deliveries/{EventId}"), (response.Status, response.Headers.Location.ToString()));
        Assert.Equal([new("all", 11), new("wants", 11)], response.Read<DeliveryReplayed>().Attempts);
        Assert.Equal([("all", 11, Event), ("wants", 11, Event)], (await SentAsync()).Select(message => (message.EndpointId, message.Attempt, message.Event)).Order());
    }

    [Fact]
    public async Task A_replay_may_name_its_endpoint()
    {
        await KeepEventAsync();
        await SaveAsync("all", null);
        await SaveAsync("runs", "com.cloudpipe.run.failed");

        Assert.Equal(202, (await _bucket.Api.PostAsync($"/api/deliveries/{EventId}/replay?endpoint=runs", null)).Status);

        Assert.Equal("runs", Assert.Single(await SentAsync()).EndpointId);
    }

    [Fact]
    public async Task A_replay_that_reaches_nobody_is_refused()
    {
        await KeepEventAsync();
        string url = $"/api/deliveries/{EventId}/replay";
        Assert.Equal(409, (await _bucket.Api.PostAsync(url, null)).Status);
        Assert.Equal(404, (await _bucket.Api.PostAsync($"{url}?endpoint=none", null)).Status);
        Assert.Equal(404, (await _bucket.Api.PostAsync($"{url}?endpoint=..%2Fx", null)).Status);

        await SaveAsync("gone", null);
        await _bucket.Get<WebhookStore>().DisableAsync((await _bucket.Get<WebhookStore>().FindAsync("gone"))!, "The receiver answered 410 Gone.");
        ApiResponse disabled = await _bucket.Api.PostAsync($"{url}?endpoint=gone", null);

        Assert.Equal(409, disabled.Status);
        Assert.Contains("410 Gone", disabled.Problem.Detail);
        Assert.Empty(await SentAsync());
    }

    [Theory]
    [InlineData("unknown.completed")]
    [InlineData("..%2F..%2Fendpoints")]
    [InlineData("a..b")]
    public async Task An_event_that_is_not_kept_is_not_found(string id)
    {
        Assert.Equal(404, (await _bucket.Api.GetAsync($"/api/deliveries/{id}")).Status);
        Assert.Equal(404, (await _bucket.Api.PostAsync($"/api/deliveries/{id}/replay", null)).Status);
    }

    private Task KeepEventAsync() => _bucket.Store.WriteBytesAsync(DeliveryLog.EventPath(EventId), Encoding.UTF8.GetBytes(Event));

    private Task SaveAsync(string id, string? type) => _bucket.Get<WebhookStore>().SaveAsync(
        new WebhookEndpoint(id, new Uri("https://example.com/hook"), [WebhookSigner.CreateSecret()], type is null ? null : [type]));

    private async Task<IReadOnlyList<DeliverMessage>> SentAsync() =>
        [.. (await _bucket.Queue.ReceiveAsync(QueueNames.Deliver, 32, TimeSpan.FromMinutes(1))).Select(message => MessageSerializer.Deserialize<DeliverMessage>(message.Body))];
}
