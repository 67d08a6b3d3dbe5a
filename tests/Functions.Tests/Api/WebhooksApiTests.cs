using System.Text;
using CloudPipe.Functions.Api;
using CloudPipe.Functions.Api.Webhooks;
using CloudPipe.Functions.Tests.Doubles;
using CloudPipe.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Functions.Tests.Api;

public sealed class WebhooksApiTests : IDisposable
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private readonly Bucket _bucket = new(
        new("CloudPipe:Webhooks:Endpoints:0:Id", "fixed"), new("CloudPipe:Webhooks:Endpoints:0:Url", "https://example.com/fixed"),
        new("CloudPipe:Webhooks:Endpoints:0:Secrets:0", Secret));

    public void Dispose() => _bucket.Dispose();

    [Fact]
    public async Task A_secret_that_was_made_is_told_once_and_no_secret_is_told_again()
    {
        ApiResponse saved = await _bucket.Api.PostAsync("/api/webhooks", """{"id":"city","url":"https://example.com/hook?token=t","eventTypes":["com.cloudpipe.run.failed"]}""");

        SavedWebhook webhook = saved.Read<SavedWebhook>();
        Assert.Equal((201, "/api/webhooks/city"), (saved.Status, saved.Headers.Location.ToString()));
        Assert.Equal([webhook.Secret!], (await FindAsync("city"))!.Secrets);
        Page<WebhookView> all = (await _bucket.Api.GetAsync("/api/webhooks")).Read<Page<WebhookView>>();
        Assert.Equal([("city", false, 1), ("fixed", true, 1)], all.Items.Select(item => (item.Id, item.IsConfigured, item.SecretCount)));
        foreach (string url in new[] { "/api/webhooks", "/api/webhooks/city", "/api/webhooks/fixed" })
        {
            Assert.DoesNotContain("whsec_", Encoding.UTF8.GetString((await _bucket.Api.GetAsync(url)).Body));
        }
    }

    [Fact]
    public async Task A_secret_that_was_brought_is_not_told()
    {
        ApiResponse saved = await _bucket.Api.PostAsync("/api/webhooks", $$"""{"url":"https://example.com/hook","secrets":["{{Secret}}"]}""");

        SavedWebhook webhook = saved.Read<SavedWebhook>();
        Assert.Null(webhook.Secret);
        Assert.DoesNotContain("whsec_", Encoding.UTF8.GetString(saved.Body));
        Assert.Equal([Secret], (await FindAsync(webhook.Webhook.Id))!.Secrets);
    }

    [Fact]
    public async Task Saving_again_renews_the_secret_and_the_newest_before_signs_along()
    {
        string[] made = [];
        for (int time = 0; time < 3; time++)
        {
            ApiResponse saved = await _bucket.Api.PostAsync("/api/webhooks", """{"id":"city","url":"https://example.com/hook"}""");
            Assert.Equal(time == 0 ? 201 : 200, saved.Status);
            made = [saved.Read<SavedWebhook>().Secret!, .. made];
        }

        Assert.Equal(made[..2], (await FindAsync("city"))!.Secrets);
    }

    [Fact]
    public async Task Saving_enables_what_the_receiver_had_disabled()
    {
        await _bucket.Api.PostAsync("/api/webhooks", """{"id":"city","url":"https://example.com/hook"}""");
        await _bucket.Get<WebhookStore>().DisableAsync((await FindAsync("city"))!, "410");
        Assert.Equal("410", (await _bucket.Api.GetAsync("/api/webhooks/city")).Read<WebhookView>().DisabledReason);

        await _bucket.Api.PostAsync("/api/webhooks", """{"id":"city","url":"https://example.com/hook"}""");

        Assert.Null((await _bucket.Api.GetAsync("/api/webhooks/city")).Read<WebhookView>().DisabledReason);
    }

    [Fact]
    public async Task A_client_may_ask_that_nothing_is_replaced()
    {
        await _bucket.Api.PostAsync("/api/webhooks", """{"id":"city","url":"https://example.com/hook"}""", ("If-None-Match", "*"));

        Assert.Equal(412, (await _bucket.Api.PostAsync("/api/webhooks", """{"id":"city","url":"https://example.com/other"}""", ("If-None-Match", "*"))).Status);
        Assert.Equal("https://example.com/hook", (await FindAsync("city"))!.Url.OriginalString);
    }

    [Fact]
    public async Task What_the_configuration_has_stays_as_it_is()
    {
        Assert.Equal(409, (await _bucket.Api.PostAsync("/api/webhooks", """{"id":"fixed","url":"https://example.com/hook"}""")).Status);
        Assert.Equal(409, (await _bucket.Api.SendAsync("DELETE", "/api/webhooks/fixed")).Status);
    }

    [Fact]
    public async Task A_deleted_endpoint_is_gone()
    {
        await _bucket.Api.PostAsync("/api/webhooks", """{"id":"city","url":"https://example.com/hook"}""");

        Assert.Equal(204, (await _bucket.Api.SendAsync("DELETE", "/api/webhooks/city")).Status);
        Assert.Equal(404, (await _bucket.Api.SendAsync("DELETE", "/api/webhooks/city")).Status);
        Assert.Equal(404, (await _bucket.Api.GetAsync("/api/webhooks/city")).Status);
        Assert.Equal(404, (await _bucket.Api.SendAsync("DELETE", "/api/webhooks/..%2Fdisabled")).Status);
    }

    [Theory]
    [InlineData("""{"url":"http://example.com/hook"}""", "url")]
    [InlineData("""{"url":"/hook"}""", "url")]
    [InlineData("""{"url":"https://user:password@example.com/hook"}""", "url")]
    [InlineData("""{"url":"https://169.254.169.254/metadata"}""", "url")]
    [InlineData("""{"url":"https://[::1]/hook"}""", "url")]
    [InlineData("""{"url":"https://example.com/hook","id":"../x"}""", "id")]
    [InlineData("""{"url":"https://example.com/hook","secrets":["whsec_short"]}""", "secrets[0]")]
    [InlineData("""{"url":"https://example.com/hook","eventTypes":["com.cloudpipe.run.failed","com.example"]}""", "eventTypes[1]")]
    [InlineData("""{"url":"https://example.com/hook","secret":"x"}""", "secret")]
    public async Task What_is_wrong_is_named_and_nothing_is_saved(string body, string field)
    {
        ApiResponse response = await _bucket.Api.PostAsync("/api/webhooks", body);

        Assert.Equal((400, field), (response.Status, response.Problem.Field));
        Assert.Equal("fixed", Assert.Single(await _bucket.Get<WebhookStore>().ListAsync()).Id);
    }

    [Theory]
    [InlineData("cloudpipe", 200, 201)]
    [InlineData("*", 405, 201)]
    [InlineData("eventemitter.example.com", 200, 422)]
    [InlineData(null, 200, 422)]
    public async Task With_a_handshake_only_a_receiver_that_consents_is_saved(string? allowed, int status, int expected)
    {
        using var bucket = new Bucket(new("CloudPipe:Webhooks:AllowHttp", "true"), new("CloudPipe:Webhooks:AllowPrivateAddresses", "true"));
        var asked = new List<string>();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using WebApplication receiver = builder.Build();
        receiver.Run(context =>
        {
            asked.Add($"{context.Request.Method} {context.Request.Headers["WebHook-Request-Origin"]}");
            context.Response.StatusCode = status;
            if (allowed is not null)
            {
                context.Response.Headers["WebHook-Allowed-Origin"] = allowed;
            }

            return Task.CompletedTask;
        });
        await receiver.StartAsync();

        ApiResponse response = await bucket.Api.PostAsync("/api/webhooks", $$"""{"id":"city","url":"{{receiver.Urls.First()}}/hook","handshake":true}""");

        Assert.Equal(expected, response.Status);
        Assert.Equal(["OPTIONS cloudpipe"], asked);
        Assert.Equal(expected == 201, await bucket.Get<WebhookStore>().FindAsync("city") is not null);
    }

    private Task<WebhookEndpoint?> FindAsync(string id) => _bucket.Get<WebhookStore>().FindAsync(id);
}
