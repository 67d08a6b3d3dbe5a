using System.Text.Json;
using CloudPipe.Functions.Api;
using CloudPipe.Functions.Api.Inspections;
using CloudPipe.Functions.Api.OpenApi;
using CloudPipe.Functions.Tests.Doubles;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace CloudPipe.Functions.Tests.Api;

public sealed class OpenApiDocumentTests : IDisposable
{
    private readonly Bucket _bucket = new();
    private readonly JsonDocument _document;

    public OpenApiDocumentTests() => _document = JsonDocument.Parse(_bucket.Get<OpenApiWriter>().Json);

    public void Dispose()
    {
        _document.Dispose();
        _bucket.Dispose();
    }

    private IEnumerable<(string Path, string Method, JsonElement Operation)> Operations =>
        from path in _document.RootElement.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (path.Name, operation.Name, operation.Value);

    [Fact]
    public async Task A_reader_of_OpenAPI_finds_no_fault()
    {
        using var stream = new MemoryStream((await _bucket.Api.GetAsync("/api/openapi.json")).Body);

        ReadResult result = await OpenApiDocument.LoadAsync(stream, "json");

        Assert.Empty(result.Diagnostic!.Errors.Select(error => $"{error.Pointer}: {error.Message}"));
        Assert.Empty(result.Diagnostic.Warnings.Select(warning => $"{warning.Pointer}: {warning.Message}"));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, result.Diagnostic.SpecificationVersion);
        Assert.NotEmpty(result.Document!.Paths);
    }

    [Fact]
    public void Every_route_and_method_of_the_attributes_is_there_and_no_other() => Assert.Equal(
        _bucket.Get<RouteCatalog>().Routes.Where(route => !route.IsCatchAll).SelectMany(route => route.Methods.Select(method => $"{method} /{route.Template} {route.Function}")).Order(),
        Operations.Select(operation => $"{operation.Method.ToUpperInvariant()} {operation.Path} {operation.Operation.GetProperty("operationId").GetString()}").Order());

    [Fact]
    public void Every_operation_says_what_it_does_and_what_its_parameters_mean()
    {
        Assert.All(Operations, operation => Assert.NotEmpty(operation.Operation.GetProperty("summary").GetString()!));
        Assert.All(
            Operations.Where(operation => operation.Operation.TryGetProperty("parameters", out _)).SelectMany(operation => operation.Operation.GetProperty("parameters").EnumerateArray()),
            parameter => Assert.NotEmpty(parameter.GetProperty("description").GetString()!));
    }

    [Fact]
    public void Every_field_of_every_component_is_explained()
    {
        string[] silent =
        [
            .. from component in _document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject()
               where component.Value.TryGetProperty("properties", out _)
               from property in component.Value.GetProperty("properties").EnumerateObject()
               where !property.Value.TryGetProperty("description", out JsonElement text) || text.GetString()!.Length == 0
               select $"{component.Name}.{property.Name}",
        ];

        Assert.Empty(silent);
    }

    [Fact]
    public void Every_reference_leads_somewhere_and_every_component_is_referred_to()
    {
        string[] references = [.. Elements(_document.RootElement).Where(element => element.Name == "$ref").Select(element => element.Value.GetString()!).Distinct().Order(StringComparer.Ordinal)];

        Assert.All(references, reference => Assert.Equal(JsonValueKind.Object, new JsonSchemaCheck(_document.RootElement).Resolve(reference).ValueKind));
        Assert.Equal(
            _document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(component => $"#/components/schemas/{component.Name}").Order(StringComparer.Ordinal),
            references);
    }

    [Fact]
    public void Every_example_fits_its_schema()
    {
        (JsonElement Schema, JsonElement Example)[] examples =
        [
            .. Elements(_document.RootElement).Where(element => element.Value.ValueKind == JsonValueKind.Object && element.Value.TryGetProperty("example", out _))
                .Select(element => (element.Value.GetProperty("schema"), element.Value.GetProperty("example"))),
        ];

        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(new JsonSchemaCheck(_document.RootElement).FindFaults(example.Schema, example.Example)));
        JsonElement problem = _document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("Problem");
        Assert.Empty(new JsonSchemaCheck(_document.RootElement).FindFaults(problem, Assert.Single(problem.GetProperty("examples").EnumerateArray())));
        JsonElement body = examples.First(example => example.Schema.GetProperty("$ref").GetString()!.EndsWith("/NewInspection", StringComparison.Ordinal)).Example;
        Assert.Equal("2026/mill-lane/survey.mp4", body.Deserialize<NewInspection>(ApiCall.Json)!.FileName);
    }

    [Fact]
    public void A_body_that_is_read_refuses_what_it_does_not_know_and_one_that_is_sent_may_grow()
    {
        JsonElement schemas = _document.RootElement.GetProperty("components").GetProperty("schemas");

        Assert.All(["NewInspection", "NewWebhook", "RequeueRequest"], name => Assert.False(schemas.GetProperty(name).GetProperty("additionalProperties").GetBoolean()));
        Assert.Equal(["fileName"], schemas.GetProperty("NewInspection").GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.All(["InspectionView", "WebhookView", "Problem"], name => Assert.False(schemas.GetProperty(name).TryGetProperty("additionalProperties", out _)));
    }

    private static IEnumerable<JsonProperty> Elements(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Elements(property.Value).Prepend(property)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Elements),
        _ => [],
    };
}
