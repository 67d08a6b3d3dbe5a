using System.Text;
using CloudPipe.Events;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Storage;
using CloudPipe.Webhooks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudPipe.Shared.Tests.Webhooks;

public sealed class WebhookStoreTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static readonly WebhookEndpoint _endpoint = new("city", new Uri("https://hooks.example/"), [Secret], [EventTypes.InspectionCompleted]);

    private readonly ObservedBlobStore _blobs = new();
    private readonly WebhookOptions _options = new();

    public void Dispose() => _blobs.Dispose();

    [Fact]
    public async Task Endpoints_come_from_the_container_and_the_configuration_which_has_precedence()
    {
        _options.Endpoints.Add(new WebhookEndpointOptions { Id = "city", Url = "https://configured.example/", Secrets = [Secret] });
        await Store().SaveAsync(_endpoint);
        await Store().SaveAsync(_endpoint with { Id = "archive" });

        Assert.Equal(["archive https://hooks.example/", "city https://configured.example/"], (await Store().ListAsync()).Select(entry => $"{entry.Id} {entry.Url}"));
        Assert.Equal("configured.example", (await Store().FindAsync("city"))!.Url.Host);
    }

    [Fact]
    public async Task A_faulty_file_is_left_out_and_stops_no_other()
    {
        await Store().SaveAsync(_endpoint);
        await WriteAsync("broken", "{");
        await WriteAsync("renamed", """{"id":"else","url":"https://a.example/","secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}""");
        await WriteAsync("plain", """{"id":"plain","url":"http://a.example/","secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}""");

        Assert.Equal(["city"], (await Store().ListAsync()).Select(entry => entry.Id));
        Assert.Null(await Store().FindAsync("broken"));
    }

    [Fact]
    public async Task Disabling_holds_until_it_is_enabled_or_gets_another_url()
    {
        await Store().SaveAsync(_endpoint);
        await Store().DisableAsync(_endpoint, "gone");
        Assert.Equal("gone", (await Store().FindAsync("city"))!.DisabledReason);
        Assert.False((await Store().ListAsync())[0].Wants(EventTypes.InspectionCompleted));

        Assert.True(await Store().EnableAsync("city"));
        Assert.True((await Store().FindAsync("city"))!.Wants(EventTypes.InspectionCompleted));

        await Store().DisableAsync(_endpoint with { Url = new Uri("https://former.example/") }, "gone");
        Assert.Null((await Store().FindAsync("city"))!.DisabledReason);
    }

    [Fact]
    public void An_endpoint_wants_the_types_that_it_names_or_all()
    {
        Assert.True(_endpoint.Wants(EventTypes.InspectionCompleted));
        Assert.False(_endpoint.Wants(EventTypes.RunFailed));
        Assert.True((_endpoint with { EventTypes = [] }).Wants(EventTypes.RunFailed));
    }

    [Theory]
    [InlineData("City!", "https://a.example/", Secret, "id")]
    [InlineData("city", "http://a.example/", Secret, "AllowHttp")]
    [InlineData("city", "ftp://a.example/", Secret, "https")]
    [InlineData("city", "https://user:word@a.example/", Secret, "user name")]
    [InlineData("city", "https://a.example/", "whsec_short", "secret 0")]
    public async Task A_faulty_endpoint_is_not_saved(string id, string url, string secret, string words)
    {
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(() => Store().SaveAsync(new WebhookEndpoint(id, new Uri(url), [secret])));
        Assert.Contains(words, exception.Message);
        Assert.DoesNotContain("whsec_short", exception.Message);
    }

    [Fact]
    public void A_faulty_configuration_is_refused_key_by_key()
    {
        var options = new WebhookOptions
        {
            Endpoints =
            [
                new WebhookEndpointOptions { Id = "a", Url = "/relative", Secrets = [Secret] },
                new WebhookEndpointOptions { Id = "b", Url = "https://b.example/", EventTypes = ["everything"] },
                new WebhookEndpointOptions { Id = "b", Url = "https://b.example/", Secrets = [Secret] },
            ],
        };

        string[] failures = [.. new WebhookOptionsValidator().Validate(null, options).Failures!];

        Assert.Equal(4, failures.Length);
        Assert.Contains("Webhooks:Endpoints:0 ('a'): the URL must be an absolute https URL", failures[0]);
        Assert.Contains(failures, failure => failure.Contains("no secret", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains("'everything'", StringComparison.Ordinal));
        Assert.Contains("more than once", failures[3]);
    }

    private WebhookStore Store() => new(_blobs, Options.Create(_options), new ManualTime(), NullLogger<WebhookStore>.Instance);

    private Task WriteAsync(string id, string json) =>
        _blobs.WriteBytesAsync(new BlobPath(BlobContainers.Webhooks, $"endpoints/{id}.json"), Encoding.UTF8.GetBytes(json));
}
