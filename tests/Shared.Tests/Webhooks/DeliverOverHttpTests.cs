using CloudPipe.Messages;
using CloudPipe.Queues;
using CloudPipe.Shared.Tests.Doubles;
using CloudPipe.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudPipe.Shared.Tests.Webhooks;

/// <summary>The step against a real receiver on a real port, through the guarded handler.</summary>
public sealed class DeliverOverHttpTests : IAsyncLifetime
{
    private static readonly string _secret = WebhookSigner.CreateSecret();

    private readonly ObservedBlobStore _blobs = new();
    private readonly RecordingQueue _queue = new();
    private readonly List<string> _paths = [];
    private WebApplication? _receiver;
    private bool _verified;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.Run(async context =>
        {
            _paths.Add(context.Request.Path);
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _verified = WebhookSigner.Verify(
                context.Request.Headers["webhook-id"].ToString(), context.Request.Headers["webhook-timestamp"].ToString(),
                context.Request.Headers["webhook-signature"].ToString(), body.ToArray(), [_secret], TimeProvider.System.GetUtcNow());
            if (context.Request.Path == "/moved")
                context.Response.Redirect("/in");
        });
        await _receiver.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _receiver!.DisposeAsync();
        _blobs.Dispose();
    }

    [Theory]
    [InlineData("/in", true, DeliveryOutcome.Delivered, new[] { "/in" })]
    [InlineData("/moved", true, DeliveryOutcome.Retrying, new[] { "/moved" })]
    [InlineData("/in", false, DeliveryOutcome.Failed, new string[0])]
    public async Task A_receiver_gets_a_signed_event_is_not_followed_elsewhere_and_must_be_allowed(
        string path, bool allowPrivateAddresses, DeliveryOutcome outcome, string[] paths)
    {
        var options = new WebhookOptions
        {
            AllowHttp = true,
            AllowPrivateAddresses = allowPrivateAddresses,
            Endpoints = [new WebhookEndpointOptions { Id = "city", Url = _receiver!.Urls.Single() + path, Secrets = [_secret] }],
        };
        using var client = new HttpClient(new PrivateAddressGuard(options.AllowPrivateAddresses).CreateHandler());
        var log = new DeliveryLog(_blobs);
        var webhooks = new WebhookStore(_blobs, Options.Create(options), TimeProvider.System, NullLogger<WebhookStore>.Instance);
        var step = new DeliverStep(webhooks, log, _queue, client, Options.Create(options), TimeProvider.System, NullLogger<DeliverStep>.Instance);

        await step.HandleAsync(new DeliverMessage("city", "film-00.completed", """{"subject":"straße.mp4"}""", Attempt: 1));

        Assert.Equal(outcome, (await log.FindAsync("film-00.completed", "city", 1))!.Outcome);
        Assert.Equal(paths, _paths);
        Assert.Equal(paths.Length > 0, _verified);
        Assert.Equal(outcome == DeliveryOutcome.Retrying ? 1 : 0, _queue.Sent(QueueNames.Deliver).Count);
    }
}
