using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Functions.Tests.Doubles;

/// <summary>An OpenTelemetry collector that takes protocol buffers over HTTP and keeps their bytes as text.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly ConcurrentQueue<(string Path, string MediaType, string Text)> _requests = new();

    private Collector(WebApplication application)
    {
        _application = application;
        _application.MapPost("/{**path}", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            _requests.Enqueue((request.Path, request.ContentType ?? "", Encoding.Latin1.GetString(body.ToArray())));
        });
    }

    public string Url => _application.Urls.First();

    public static async Task<Collector> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new Collector(builder.Build());
        await collector._application.StartAsync();
        return collector;
    }

    /// <summary>Everything that was posted to a path.</summary>
    public string Received(string path) =>
        string.Concat(_requests.Where(request => request.Path == path && request.MediaType == "application/x-protobuf").Select(request => request.Text));

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
