using System.Text;
using System.Text.Json;
using CloudPipe.Functions.Api;
using CloudPipe.Functions.Api.OpenApi;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CloudPipe.Functions.Tests.Doubles;

/// <summary>Calls the functions of HTTP triggers as a host does, and holds every answer to the OpenAPI document.</summary>
internal sealed class ApiClient(IServiceProvider services)
{
    private static readonly Lazy<JsonDocument> _document = new(() => JsonDocument.Parse(new OpenApiWriter(new RouteCatalog(typeof(RouteCatalog).Assembly)).Json));

    public Task<ApiResponse> GetAsync(string url, params (string Name, string Value)[] headers) => SendAsync("GET", url, null, headers);

    public Task<ApiResponse> PostAsync(string url, string? body, params (string Name, string Value)[] headers) =>
        SendAsync("POST", url, body, body is null || headers.Any(header => header.Name == "Content-Type") ? headers : [("Content-Type", "application/json"), .. headers]);

    public async Task<ApiResponse> SendAsync(string method, string url, string? body = null, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        HttpRequest request = context.Request;
        (request.Method, request.Scheme, request.Host) = (method, "https", new HostString("api.example"));
        string[] parts = url.Split('?', 2);
        request.Path = PathString.FromUriComponent(parts[0]);
        request.QueryString = parts.Length > 1 ? new QueryString("?" + parts[1]) : default;
        foreach ((string name, string value) in headers)
        {
            request.Headers[name] = value;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(body ?? "");
        request.Body = new MemoryStream(bytes);
        request.ContentLength = bytes.Length;
        using var answer = new MemoryStream();
        context.Response.Body = answer;

        ApiRoute route = services.GetRequiredService<RouteCatalog>().Routes.First(route => route.Methods.Contains(method) && route.Match(request.Path) is not null);
        await CallAsync(route, context);
        var response = new ApiResponse(context.Response.StatusCode, context.Response.ContentType, answer.ToArray(), context.Response.Headers);
        CheckAgainstDocument(route, method, response);
        return response;
    }

    private async Task CallAsync(ApiRoute route, DefaultHttpContext context)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        RouteValueDictionary words = route.Match(context.Request.Path)!;
        object?[] arguments =
        [
            .. route.Method.GetParameters().Select(parameter => parameter.ParameterType switch
            {
                var type when type == typeof(HttpRequest) => context.Request,
                var type when type == typeof(CancellationToken) => CancellationToken.None,
                _ => words[parameter.Name!],
            }),
        ];
        object instance = ActivatorUtilities.CreateInstance(scope.ServiceProvider, route.Method.DeclaringType!);
        IActionResult result = await (Task<IActionResult>)route.Method.Invoke(instance, arguments)!;
        await result.ExecuteResultAsync(new ActionContext { HttpContext = context });
    }

    private static void CheckAgainstDocument(ApiRoute route, string method, ApiResponse response)
    {
        if (route.IsCatchAll)
        {
            return;
        }

        JsonElement document = _document.Value.RootElement;
        JsonElement answers = document.GetProperty("paths").GetProperty($"/{route.Template}").GetProperty(method.ToLowerInvariant()).GetProperty("responses");
        JsonElement answer = answers.TryGetProperty($"{response.Status}", out JsonElement named) ? named : answers.GetProperty("default");
        if (!answer.TryGetProperty("content", out JsonElement content))
        {
            Assert.Empty(response.Body);
            return;
        }

        Assert.True(content.TryGetProperty(response.ContentType!, out JsonElement media), $"{route.Function} answers {response.Status} with {response.ContentType}, which the document does not say.");
        if (response.ContentType!.Contains("json", StringComparison.Ordinal))
        {
            IEnumerable<string> faults = new JsonSchemaCheck(document).FindFaults(media.GetProperty("schema"), response.Json);
            Assert.True(!faults.Any(), $"{route.Function} answers {response.Status} otherwise than the document says: {string.Join("; ", faults)}");
        }
    }
}
