using System.Collections.Concurrent;
using System.Net;
using System.Text;
using CloudPipe.Functions.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CloudPipe.Functions.Tests.Doubles;

/// <summary>An OpenTelemetry collector that takes one of OTLP's protocols and keeps what it gets as text.</summary>
internal sealed class Collector : IAsyncDisposable
{
    // A gRPC message of no bytes: not compressed, and its length.
    private static readonly byte[] _emptyMessage = new byte[5];

    private readonly WebApplication _application;
    private readonly bool _isGrpc;
    private readonly ConcurrentQueue<(string Path, string MediaType, string Text)> _requests = new();

    private Collector(WebApplication application, bool isGrpc)
    {
        _application = application;
        _isGrpc = isGrpc;
        _application.MapPost("/{**path}", TakeAsync);
    }

    public string Url => _application.Urls.First();

    public string Traces => Received(_isGrpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces");

    public string Metrics => Received(_isGrpc ? "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export" : "/v1/metrics");

    public static async Task<Collector> StartAsync(OtlpProtocol protocol = OtlpProtocol.HttpProtobuf)
    {
        bool isGrpc = protocol == OtlpProtocol.Grpc;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        var collector = new Collector(builder.Build(), isGrpc);
        await collector._application.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private string Received(string path) =>
        string.Concat(_requests.Where(request => request.Path == path && request.MediaType == (_isGrpc ? "application/grpc" : "application/x-protobuf")).Select(request => request.Text));

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _requests.Enqueue((context.Request.Path, context.Request.ContentType ?? "", Encoding.Latin1.GetString(body.ToArray())));
        if (_isGrpc)
        {
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(_emptyMessage);
            context.Response.AppendTrailer("grpc-status", "0");
        }
    }
}
