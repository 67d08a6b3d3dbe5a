using System.Net;
using CloudPipe.Functions.Api;
using CloudPipe.Functions.Api.Inspections;
using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Local.Commands;
using CloudPipe.Local.Triggers;
using CloudPipe.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudPipe.Local.Api;

/// <summary>Serves the functions that have an HTTP trigger, as the Azure Functions host does: by their routes, methods and authorization levels.</summary>
/// <param name="functions">Every function.</param>
/// <param name="routes">Those that HTTP requests call.</param>
/// <param name="services">Make the functions' classes.</param>
/// <param name="options">Where, and with which keys.</param>
/// <param name="store">The bucket, which takes uploads if it is a folder.</param>
/// <param name="lifetime">Says when the host stops.</param>
/// <param name="logger">Hears of requests that fail.</param>
internal sealed class ApiServer(
    IReadOnlyList<BoundFunction> functions,
    RouteCatalog routes,
    IServiceProvider services,
    ApiServerOptions options,
    IBlobStore store,
    IHostApplicationLifetime lifetime,
    ILogger<ApiServer> logger) : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, BoundFunction> _functions = functions.ToDictionary(function => function.Name);
    private readonly ApiKeyCheck _keys = new(options.Keys);
    private readonly UploadEndpoint _uploads = new(store);
    private WebApplication? _server;

    /// <summary>Where it is served, with the port that was taken where the configuration says 0; <see langword="null"/> while it is not.</summary>
    public Uri? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.IsServed)
        {
            return;
        }

        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());

        // The server's own log has requests' addresses with their parameters: keys and signatures.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance).AddSingleton<IHostLifetime, OuterLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;

            // Whoever handles a request reads no more of it than it needs. The rest of a body is taken and thrown away for some
            // seconds: a client that is cut off in the middle of sending hears of a broken pipe instead of the answer.
            kestrel.Limits.MaxRequestBodySize = InspectionUpload.LargestPut;
            kestrel.Listen(options.EndPoint);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _patience);
        _server = builder.Build();
        _server.Run(ServeAsync);
        try
        {
            await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            throw new CommandFailedException(ExitCode.Failure, $"The HTTP API cannot be served at {options.Url}: {exception.Message} Set Api:Url to another port, or empty.");
        }

        string bound = _server.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
        Address = new Uri(bound);
        logger.LogInformation("The HTTP API is served at {Address}.", Address);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _server?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task ServeAsync(HttpContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            IActionResult answer = await AnswerAsync(context, stop.Token).ConfigureAwait(false);
            await answer.ExecuteResultAsync(new ActionContext { HttpContext = context }).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await ApiAnswer.Of(new Problem("about:blank", "The request is no good HTTP", exception.StatusCode, exception.Message)).WriteAsync(context).ConfigureAwait(false);
        }
        catch (Exception exception) when (stop.IsCancellationRequested)
        {
            // The client has gone, or the host is stopping: nobody waits for an answer.
            logger.LogDebug(exception, "{Method} {Path} was broken off.", context.Request.Method, context.Request.Path);
            context.Abort();
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "{Method} {Path} failed.", context.Request.Method, context.Request.Path);
            if (context.Response.HasStarted)
            {
                context.Abort();
                return;
            }

            await ApiAnswer.Of(Problem.Of(ProblemType.Internal, "The log says why. Try again later.")).WriteAsync(context).ConfigureAwait(false);
        }
    }

    private async Task<IActionResult> AnswerAsync(HttpContext context, CancellationToken cancellationToken)
    {
        HttpRequest request = context.Request;
        if (FindForeignCaller(request) is { } foreign)
        {
            return ApiAnswer.Of(foreign);
        }

        if (_uploads.Takes(request.Path))
        {
            return await _uploads.HandleAsync(context, cancellationToken).ConfigureAwait(false);
        }

        string? allowed = routes.AllowedMethods(request.Path);
        ApiRoute? route = routes.Routes.FirstOrDefault(candidate => candidate.Methods.Contains(request.Method) && candidate.Match(request.Path) is not null);
        if (route is null)
        {
            return allowed is null
                ? ApiAnswer.Of(Problem.Of(ProblemType.NotFound, "There is no such path; /api/openapi.json lists them."))
                : ApiAnswer.Of(Problem.Of(ProblemType.MethodNotAllowed, $"This path takes {allowed}.")) with { Allow = allowed };
        }

        if (route.Trigger.AuthLevel != AuthorizationLevel.Anonymous && !_keys.Allows(request))
        {
            context.Response.Headers.WWWAuthenticate = "FunctionKey";
            return ApiAnswer.Of(Problem.Of(ProblemType.Unauthorized, $"Send one of Api:Keys as the header '{OpenApiWriter.KeyHeader}'."));
        }

        return await CallAsync(route, request, cancellationToken).ConfigureAwait(false);
    }

    private async Task<IActionResult> CallAsync(ApiRoute route, HttpRequest request, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, object> { ["request"] = request };
        foreach ((string word, object? value) in route.Match(request.Path)!)
        {
            values[word] = value?.ToString() ?? "";
        }

        await using AsyncServiceScope scope = services.CreateAsyncScope();
        return await _functions[route.Function].InvokeAsync(scope.ServiceProvider, values, cancellationToken).ConfigureAwait(false) as IActionResult
            ?? throw new InvalidOperationException($"The function '{route.Function}' has given no answer.");
    }

    /// <summary>
    /// A web page that its visitor has open elsewhere can send requests to this machine too, where no key keeps it out. It cannot
    /// hide the page's origin, nor the name that it reached this machine by when it has made that name an alias of a loopback address.
    /// </summary>
    private Problem? FindForeignCaller(HttpRequest request)
    {
        if (options.Keys.Count > 0)
        {
            return null;
        }

        string origin = request.Headers.Origin.ToString();
        string host = request.Host.Host.Trim('[', ']');
        bool isForeign = (origin.Length > 0 && !origin.Equals($"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
            || !(host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address)));
        return isForeign
            ? Problem.Of(ProblemType.Forbidden, "Without Api:Keys only programs of this machine may call, at the address that the API is served at, and no web page of another origin.")
            : null;
    }
}
