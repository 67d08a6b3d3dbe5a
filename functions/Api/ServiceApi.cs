using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Api.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api;

/// <summary>What anybody may ask of the API itself: whether it works, what it offers, and which methods a path takes.</summary>
/// <param name="api">What every operation has in common.</param>
/// <param name="health">Asks the bucket and the queues.</param>
/// <param name="routes">The operations.</param>
/// <param name="document">Describes them.</param>
public sealed class ServiceApi(ApiHandler api, HealthCheck health, RouteCatalog routes, OpenApiWriter document)
{
    /// <summary>Tells whether the bucket and the queues answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("Health")]
    [Answer(200, typeof(Health), "They do.")]
    [Answer(503, typeof(Health), "They do not; the log says why.")]
    public Task<IActionResult> HealthAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "healthz")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(
            request,
            async (_, stop) => await health.IsHealthyAsync().WaitAsync(stop).ConfigureAwait(false)
                ? ApiAnswer.Json(new Health("healthy"))
                : ApiAnswer.Json(new Health("unhealthy"), StatusCodes.Status503ServiceUnavailable),
            cancellationToken);

    /// <summary>Gives this document.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("OpenApi")]
    [Answer(200, typeof(object), "OpenAPI 3.1.")]
    public Task<IActionResult> OpenApiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "api/openapi.json")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(request, _ => new ApiAnswer(StatusCodes.Status200OK, ApiAnswer.JsonMediaType, document.Json), cancellationToken);

    /// <summary>Tells which methods a path takes, in the header Allow. There is no answer to a browser's preflight: no other site's page may call.</summary>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    [Function("Options")]
    [Answer(204, null, "The header Allow names the methods.")]
    [Answer(404, typeof(Problem), "There is no such path.")]
    public Task<IActionResult> OptionsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "options", Route = "api/{*path}")] HttpRequest request, CancellationToken cancellationToken) =>
        api.HandleAsync(
            request,
            _ => ApiAnswer.NoContent() with
            {
                Allow = routes.AllowedMethods(request.Path) ?? throw new ProblemException(ProblemType.NotFound, "There is no such path; /api/openapi.json lists them."),
            },
            cancellationToken);
}
