using System.Collections.Concurrent;
using System.Text.Json;
using CloudPipe.Events;
using CloudPipe.Messages;
using CloudPipe.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Local.Demo;

/// <summary>A webhook endpoint as a user of CloudPipe would write one: it takes only what carries a valid signature.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private const long LargestBody = 64 * 1024;

    private readonly WebApplication _application;
    private readonly TimeProvider _timeProvider;
    private readonly ConcurrentDictionary<string, ReceivedEvent> _events = new();
    private int _refused;

    private WebhookReceiver(WebApplication application, string secret, TimeProvider timeProvider)
    {
        _application = application;
        _timeProvider = timeProvider;
        Secret = secret;
        _application.MapPost("/", ReceiveAsync);
    }

    /// <summary>What signs the deliveries.</summary>
    public string Secret { get; }

    /// <summary>Where to post: a free port of the loopback interface.</summary>
    public string Url => _application.Urls.First();

    /// <summary>The events so far, each once, in order of their subjects.</summary>
    public IReadOnlyList<ReceivedEvent> Events => [.. _events.Values.OrderBy(received => received.Subject, StringComparer.Ordinal)];

    /// <summary>How many deliveries had no valid signature.</summary>
    public int Refused => _refused;

    /// <summary>Starts listening.</summary>
    /// <param name="timeProvider">Tells the time.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The receiver.</returns>
    public static async Task<WebhookReceiver> StartAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = LargestBody);
        var receiver = new WebhookReceiver(builder.Build(), WebhookSigner.CreateSecret(), timeProvider);
        await receiver._application.StartAsync(cancellationToken).ConfigureAwait(false);
        return receiver;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task<IResult> ReceiveAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted).ConfigureAwait(false);
        string id = request.Headers[WebhookSigner.IdHeader].ToString();
        bool verified = WebhookSigner.Verify(
            id,
            request.Headers[WebhookSigner.TimestampHeader].ToString(),
            request.Headers[WebhookSigner.SignatureHeader].ToString(),
            body.ToArray(),
            [Secret],
            _timeProvider.GetUtcNow());
        if (!verified)
        {
            Interlocked.Increment(ref _refused);
            return Results.Unauthorized();
        }

        CloudEvent received = JsonSerializer.Deserialize<CloudEvent>(body.ToArray(), CloudPipeJson.Options)!;
        _events.AddOrUpdate(
            id, _ => new ReceivedEvent(id, received.Type, received.Subject, 1), (_, before) => before with { Deliveries = before.Deliveries + 1 });
        return Results.NoContent();
    }
}
