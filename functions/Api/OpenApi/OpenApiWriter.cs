using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudPipe.Documentation;
using CloudPipe.Functions.Api.Problems;
using CloudPipe.Messages;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;

namespace CloudPipe.Functions.Api.OpenApi;

/// <summary>Writes the OpenAPI 3.1 document from the functions' attributes, the records and the code's own documentation.</summary>
/// <param name="routes">The operations.</param>
public sealed class OpenApiWriter(RouteCatalog routes)
{
    /// <summary>The header that carries a function key.</summary>
    public const string KeyHeader = "x-functions-key";

    /// <summary>The query parameter that carries a function key.</summary>
    public const string KeyParameter = "code";

    private const string Description =
        "Upload sewer-inspection videos, follow them, and receive what was found. Answers are JSON; what cannot be done is a problem (RFC 9457), whose 'type' is one of those "
        + "of the schema Problem. References in answers are relative to the API's address. A GET takes If-None-Match; a POST takes an Idempotency-Key: a repeat with the same "
        + "key and body has the first answer for a day (an upload's for as long as its address works), with another body it is refused. A path answers OPTIONS with its methods.";

    private readonly Lazy<byte[]> _json = new(() => JsonSerializer.SerializeToUtf8Bytes(Write(routes), CloudPipeJson.Indented));

    /// <summary>The document, UTF-8.</summary>
    public byte[] Json => _json.Value;

    private static JsonObject Write(RouteCatalog routes)
    {
        var documentation = new XmlDocumentation();
        var schemas = new SchemaWriter(documentation);
        var paths = new JsonObject();
        foreach (IGrouping<string, ApiRoute> path in routes.Routes.Where(route => !route.IsCatchAll).GroupBy(route => route.Template, StringComparer.Ordinal))
        {
            var operations = new JsonObject();
            foreach (ApiRoute route in path)
            {
                foreach (string method in route.Methods)
                {
                    operations[method.ToLowerInvariant()] = WriteOperation(route, method, documentation, schemas);
                }
            }

            paths[$"/{path.Key}"] = operations;
        }

        JsonObject components = schemas.WriteComponents();
        JsonNode problem = components[nameof(Problem)]!;
        problem["properties"]!["type"]!["enum"] = new JsonArray([.. ProblemType.All.Select(type => JsonValue.Create(type.Uri))]);
        problem["examples"] = new JsonArray(JsonSerializer.SerializeToNode(ApiExamples.Problem, CloudPipeJson.Options));
        return new JsonObject
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "CloudPipe",
                ["version"] = typeof(OpenApiWriter).Assembly.GetName().Version!.ToString(3),
                ["description"] = Description,
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["security"] = new JsonArray(Requirement("functionKey"), Requirement("functionKeyInQuery"), Requirement("entraId")),
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = components, ["securitySchemes"] = WriteSecuritySchemes() },
        };
    }

    private static JsonObject Requirement(string scheme) => new() { [scheme] = new JsonArray() };

    private static JsonObject WriteSecuritySchemes() => new()
    {
        ["functionKey"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = KeyHeader, ["description"] = "A function key on Azure; one of Api:Keys on a single machine." },
        ["functionKeyInQuery"] = new JsonObject { ["type"] = "apiKey", ["in"] = "query", ["name"] = KeyParameter, ["description"] = "The same key; the header is better, since addresses are logged." },
        ["entraId"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer", ["bearerFormat"] = "JWT", ["description"] = "On Azure, where the deployment turns App Service authentication on." },
    };

    private static JsonObject WriteOperation(ApiRoute route, string method, XmlDocumentation documentation, SchemaWriter schemas)
    {
        var operation = new JsonObject { ["operationId"] = route.Function, ["summary"] = documentation.SummaryOf(route.Method) };
        if (documentation.RemarksOf(route.Method) is { Length: > 0 } remarks)
        {
            operation["description"] = remarks;
        }

        JsonNode[] parameters = [.. WriteParameters(route, method, documentation)];
        if (parameters.Length > 0)
        {
            operation["parameters"] = new JsonArray(parameters);
        }

        if (route.Method.GetCustomAttribute<TakesAttribute>() is { } takes)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content(ApiAnswer.JsonMediaType, takes.Type, schemas, isRequest: true) };
        }

        operation["responses"] = WriteAnswers(route, method, schemas);
        if (route.Trigger.AuthLevel == AuthorizationLevel.Anonymous)
        {
            operation["security"] = new JsonArray();
        }

        return operation;
    }

    private static IEnumerable<JsonObject> WriteParameters(ApiRoute route, string method, XmlDocumentation documentation)
    {
        foreach (TemplatePart part in TemplateParser.Parse(route.Template).Parameters)
        {
            yield return Parameter(part.Name!, "path", documentation.ParameterOf(route.Method, part.Name!), "string", isRequired: true);
        }

        foreach (QueryParameterAttribute parameter in route.Method.GetCustomAttributes<QueryParameterAttribute>())
        {
            yield return Parameter(parameter.Name, "query", parameter.Description, parameter.IsNumber ? "integer" : "string", isRequired: false);
        }

        if (HttpMethods.IsPost(method))
        {
            yield return Parameter(ApiHandler.IdempotencyKeyHeader, "header", "Names this request, so that it may be sent again: 1 to 255 visible ASCII characters, for example a UUID.", "string", isRequired: false);
        }
        else if (HttpMethods.IsGet(method))
        {
            yield return Parameter("If-None-Match", "header", "The ETag of what the client has.", "string", isRequired: false);
        }
    }

    private static JsonObject Parameter(string name, string place, string description, string type, bool isRequired) => new()
    {
        ["name"] = name,
        ["in"] = place,
        ["required"] = isRequired,
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = type },
    };

    private static JsonObject WriteAnswers(ApiRoute route, string method, SchemaWriter schemas)
    {
        var answers = new JsonObject();
        foreach (AnswerAttribute answer in route.Method.GetCustomAttributes<AnswerAttribute>().OrderBy(answer => answer.Status))
        {
            var written = new JsonObject { ["description"] = answer.Description };
            if (answer.Type is not null)
            {
                string contentType = answer.Type == typeof(Problem) ? Problem.MediaType : answer.ContentType;
                written["content"] = Content(contentType, answer.Type, schemas, isRequest: false);
            }

            answers[answer.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)] = written;
        }

        if (HttpMethods.IsGet(method))
        {
            answers["304"] = new JsonObject { ["description"] = "The client has it already." };
        }

        answers["default"] = new JsonObject
        {
            ["description"] = "It cannot be done; the problem says why.",
            ["content"] = Content(Problem.MediaType, typeof(Problem), schemas, isRequest: false),
        };
        return answers;
    }

    private static JsonObject Content(string mediaType, Type type, SchemaWriter schemas, bool isRequest)
    {
        var content = new JsonObject { ["schema"] = type == typeof(object) ? new JsonObject { ["type"] = "object" } : schemas.Refer(type, isRequest) };
        if (ApiExamples.All.TryGetValue(type, out object? example))
        {
            content["example"] = JsonSerializer.SerializeToNode(example, CloudPipeJson.Options);
        }

        return new JsonObject { [mediaType] = content };
    }
}
