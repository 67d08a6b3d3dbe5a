using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudPipe.EndToEnd.Tests.Doubles;

/// <summary>A webhook endpoint that takes everything and keeps it.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HookReceiver(WebApplication application)
    {
        _application = application;
        _application.MapPost("/", async (HttpRequest request) =>
        {
            using var reader = new StreamReader(request.Body);
            Requests.Enqueue((request.Headers["traceparent"].ToString(), await reader.ReadToEndAsync()));
            _first.TrySetResult();
        });
    }

    public ConcurrentQueue<(string Traceparent, string Body)> Requests { get; } = new();

    /// <summary>Ends with the first request.</summary>
    public Task First => _first.Task;

    public string Url => _application.Urls.First();

    public static async Task<HookReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new HookReceiver(builder.Build());
        await receiver._application.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
