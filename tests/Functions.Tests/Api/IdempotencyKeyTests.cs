using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Webhooks;

namespace CloudPipe.Functions.Tests.Api;

public sealed class IdempotencyKeyTests : IDisposable
{
    private const string NewWebhook = """{"url":"https://example.com/hook"}""";
    private static readonly (string, string) _key = ("Idempotency-Key", "8e03978e-40d5-43e8-bc93-6894a57f9324");

    private readonly Bucket _bucket = new();

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task A_repeat_has_the_first_answer_and_does_nothing()
    {
        ApiResponse first = await _bucket.Api.PostAsync("/api/webhooks", NewWebhook, _key);
        ApiResponse repeat = await _bucket.Api.PostAsync("/api/webhooks?code=another-key", NewWebhook, ("Idempotency-Key", $"\"{_key.Item2}\""));

        Assert.Equal(201, first.Status);
        Assert.Equal((first.Status, first.ContentType, first.Headers.Location), (repeat.Status, repeat.ContentType, repeat.Headers.Location));
        Assert.Equal(first.Body, repeat.Body);
        Assert.Equal("true", repeat.Headers["Idempotent-Replayed"]);
        Assert.Empty(first.Headers["Idempotent-Replayed"].ToString());
        Assert.Single(await EndpointsAsync());
    }

    [Fact]
    public async Task Without_a_key_every_request_is_carried_out()
    {
        await _bucket.Api.PostAsync("/api/webhooks", NewWebhook);
        await _bucket.Api.PostAsync("/api/webhooks", NewWebhook);

        Assert.Equal(2, (await EndpointsAsync()).Count);
    }

    [Fact]
    public async Task Of_requests_at_the_same_time_one_is_carried_out()
    {
        ApiResponse[] responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _bucket.Api.PostAsync("/api/webhooks", NewWebhook, _key))));

        Assert.Single(await EndpointsAsync());
        Assert.All(responses.Where(response => response.Status != 201), response =>
        {
            Assert.Equal((409, "urn:cloudpipe:problem:request-in-progress"), (response.Status, response.Problem.Type));
            Assert.Equal("1", response.Headers.RetryAfter);
        });
        Assert.Single(responses.Where(response => response.Status == 201).Select(response => Convert.ToHexString(response.Body)).Distinct());
    }

    [Fact]
    public async Task Another_body_with_the_same_key_is_refused()
    {
        await _bucket.Api.PostAsync("/api/webhooks", NewWebhook, _key);

        ApiResponse other = await _bucket.Api.PostAsync("/api/webhooks", """{"url":"https://example.com/other"}""", _key);

        Assert.Equal((422, "urn:cloudpipe:problem:idempotency-key-reused"), (other.Status, other.Problem.Type));
        Assert.Single(await EndpointsAsync());
    }

    [Fact]
    public async Task A_request_that_was_refused_leaves_its_key_free()
    {
        Assert.Equal(400, (await _bucket.Api.PostAsync("/api/webhooks", """{"url":"http://example.com/hook"}""", _key)).Status);

        Assert.Equal(201, (await _bucket.Api.PostAsync("/api/webhooks", NewWebhook, _key)).Status);
    }

    [Fact]
    public async Task An_answer_is_kept_for_a_day_and_an_upload_address_as_long_as_it_works()
    {
        await _bucket.Api.PostAsync("/api/webhooks", NewWebhook, _key);
        ApiResponse first = await _bucket.Api.PostAsync("/api/inspections", """{"fileName":"a.mp4"}""", _key);

        _bucket.Time.Now += TimeSpan.FromMinutes(59);
        ApiResponse repeat = await _bucket.Api.PostAsync("/api/inspections", """{"fileName":"a.mp4"}""", _key);
        _bucket.Time.Now += TimeSpan.FromMinutes(2);
        ApiResponse later = await _bucket.Api.PostAsync("/api/inspections", """{"fileName":"a.mp4"}""", _key);
        _bucket.Time.Now += TimeSpan.FromHours(22);
        await _bucket.Api.PostAsync("/api/webhooks", NewWebhook, _key);

        Assert.Equal(first.Body, repeat.Body);
        Assert.NotEqual(first.Body, later.Body);
        Assert.Single(await EndpointsAsync());
        _bucket.Time.Now += TimeSpan.FromHours(2);
        await _bucket.Api.PostAsync("/api/webhooks", NewWebhook, _key);
        Assert.Equal(2, (await EndpointsAsync()).Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("with space")]
    [InlineData("ünicode")]
    public async Task A_key_that_is_none_is_refused(string key) =>
        Assert.Equal((400, "Idempotency-Key"), await _bucket.Api.PostAsync("/api/webhooks", NewWebhook, ("Idempotency-Key", key)) is var response ? (response.Status, response.Problem.Field) : default);

    private async Task<IReadOnlyList<WebhookEndpoint>> EndpointsAsync() => await _bucket.Get<WebhookStore>().ListAsync();
}
