using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace CloudPipe.EndToEnd.Tests.Support;

/// <summary>Stands between processes and Azurite, counts what passes, and lets some of it go wrong.</summary>
internal sealed class StorageProxy : IAsyncDisposable
{
    // Headers that hold for one connection, not for the message.
    private static readonly HashSet<string> _ofConnection = new(StringComparer.OrdinalIgnoreCase) { "Connection", "Keep-Alive", "Transfer-Encoding", "Host" };

    private readonly ConcurrentQueue<StorageCall> _calls = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly List<WebApplication> _listeners = [];
    private readonly Random _random;
    private readonly double _share;

    private StorageProxy(double share, int seed) => (_share, _random) = (share, new Random(seed));

    /// <summary>What has passed, in order of arrival.</summary>
    public IReadOnlyCollection<StorageCall> Calls => _calls;

    /// <summary>Azurite's connection string with the proxy's addresses.</summary>
    public string ConnectionString { get; private set; } = string.Empty;

    /// <summary>Starts a proxy before every endpoint of a connection string.</summary>
    /// <param name="connectionString">Azurite's.</param>
    /// <param name="share">The share of requests that go wrong, 0 to 1.</param>
    /// <param name="seed">Which ones.</param>
    public static async Task<StorageProxy> StartAsync(string connectionString, double share, int seed)
    {
        var proxy = new StorageProxy(share, seed);
        var parts = new List<string>();
        foreach (string part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = part.Split('=', 2);
            bool isEndpoint = pair[0].EndsWith("Endpoint", StringComparison.Ordinal);
            parts.Add(isEndpoint ? $"{pair[0]}={await proxy.ListenAsync(new Uri(pair[1]), pair[0] == "BlobEndpoint")}" : part);
        }

        proxy.ConnectionString = string.Join(';', parts);
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (WebApplication listener in _listeners)
        {
            await listener.DisposeAsync();
        }

        _client.Dispose();
    }

    private async Task<string> ListenAsync(Uri endpoint, bool isBlob)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = null);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1));
        WebApplication listener = builder.Build();
        listener.Run(context => ForwardAsync(context, endpoint, isBlob));
        await listener.StartAsync();
        _listeners.Add(listener);
        return listener.Urls.Single() + endpoint.AbsolutePath;
    }

    private async Task ForwardAsync(HttpContext context, Uri endpoint, bool isBlob)
    {
        string target = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        Fault fault = Choose();
        _calls.Enqueue(new StorageCall(context.Request.Method, target, isBlob, fault));
        switch (fault)
        {
            case Fault.LoseRequest:
                context.Abort();
                return;
            case Fault.ServerError:
                context.Response.StatusCode = StatusCodes.Status500InternalServerError;
                return;
            case Fault.Throttling:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                context.Response.Headers.RetryAfter = "1";
                return;
            case Fault.Delay:
                await Task.Delay(TimeSpan.FromSeconds(1), context.RequestAborted);
                break;
        }

        using HttpRequestMessage request = ToRequest(context, new Uri(endpoint.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        byte[] body = await response.Content.ReadAsByteArrayAsync(context.RequestAborted);
        if (fault == Fault.LoseAnswer)
        {
            context.Abort();
            return;
        }

        await AnswerAsync(context, response, body, fault == Fault.CutAnswer);
    }

    private static HttpRequestMessage ToRequest(HttpContext context, Uri uri)
    {
        var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), uri);
        if (context.Request.ContentLength is not null || context.Request.Headers.TransferEncoding.Count > 0)
        {
            request.Content = new StreamContent(context.Request.Body);
        }

        foreach ((string name, StringValues values) in context.Request.Headers.Where(header => !_ofConnection.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        return request;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage response, byte[] body, bool cut)
    {
        context.Response.StatusCode = (int)response.StatusCode;
        foreach ((string name, IEnumerable<string> values) in response.Headers.Concat(response.Content.Headers).Where(header => !_ofConnection.Contains(header.Key)))
        {
            context.Response.Headers[name] = values.ToArray();
        }

        // An answer to HEAD tells the length of a body that it has not.
        if (body.Length == 0)
        {
            return;
        }

        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(cut ? body.AsMemory(0, body.Length / 2) : body, context.RequestAborted);
        if (cut)
        {
            await context.Response.Body.FlushAsync(context.RequestAborted);
            context.Abort();
        }
    }

    private Fault Choose()
    {
        lock (_random)
        {
            return _random.NextDouble() < _share ? (Fault)_random.Next(1, Enum.GetValues<Fault>().Length) : Fault.None;
        }
    }
}
