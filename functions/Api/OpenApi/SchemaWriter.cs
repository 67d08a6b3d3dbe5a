using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using CloudPipe.Documentation;
using CloudPipe.Messages;

namespace CloudPipe.Functions.Api.OpenApi;

/// <summary>
/// Writes the JSON schemas of the API's records as components: each of CloudPipe's own types once, others in place. They come
/// from the serializer's own view of a type, so that they say what is sent and what is accepted.
/// </summary>
/// <param name="documentation">The code's own documentation.</param>
internal sealed class SchemaWriter(XmlDocumentation documentation)
{
    private const string ComponentPrefix = "#/components/schemas/";

    private readonly SortedDictionary<string, JsonNode?> _components = new(StringComparer.Ordinal);
    private readonly Queue<(Type Type, JsonSerializerOptions Options)> _pending = new();

    /// <summary>A schema that refers to a type's component, or its own where the type is none of CloudPipe's.</summary>
    /// <param name="type">The type.</param>
    /// <param name="isRequest">Whether it is read, and so refuses what it does not know.</param>
    /// <returns>The schema.</returns>
    public JsonNode Refer(Type type, bool isRequest = false)
    {
        JsonSerializerOptions options = isRequest ? ApiCall.Json : CloudPipeJson.Options;
        return IsComponent(type) ? Reference(type, options) : JsonSchemaExporter.GetJsonSchemaAsNode(options, type, Exporter(options));
    }

    /// <summary>Every component that was referred to, directly or by another one.</summary>
    /// <returns>By their names.</returns>
    public JsonObject WriteComponents()
    {
        while (_pending.TryDequeue(out (Type Type, JsonSerializerOptions Options) next))
        {
            _components[NameOf(next.Type)] = JsonSchemaExporter.GetJsonSchemaAsNode(next.Options, next.Type, Exporter(next.Options));
        }

        return new JsonObject(_components);
    }

    /// <summary>A component's name.</summary>
    /// <param name="type">Its type.</param>
    /// <returns>For example <c>PageOfInspectionView</c>.</returns>
    public static string NameOf(Type type) =>
        type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}Of{string.Concat(type.GetGenericArguments().Select(NameOf))}" : type.Name;

    private static bool IsComponent(Type type) => type.Namespace?.StartsWith("CloudPipe.", StringComparison.Ordinal) == true;

    private JsonObject Reference(Type type, JsonSerializerOptions options)
    {
        string name = NameOf(type);
        if (_components.TryAdd(name, null))
        {
            _pending.Enqueue((type, options));
        }

        return new JsonObject { ["$ref"] = ComponentPrefix + name };
    }

    private JsonSchemaExporterOptions Exporter(JsonSerializerOptions options) => new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = (context, node) => Transform(context, node, options),
    };

    private JsonNode Transform(JsonSchemaExporterContext context, JsonNode node, JsonSerializerOptions options)
    {
        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        JsonNode schema = !context.Path.IsEmpty && IsComponent(type) ? Nested(type, node, options) : node;
        if (schema is JsonObject described)
        {
            // It tells .NET's name of the type.
            described.Remove("$comment");
            string text = context.PropertyInfo?.AttributeProvider is PropertyInfo property ? documentation.MeaningOf(property)
                : context.Path.IsEmpty ? documentation.SummaryOf(type)
                : "";
            if (text.Length > 0)
            {
                described["description"] = text;
            }
        }

        return schema;
    }

    private JsonObject Nested(Type type, JsonNode node, JsonSerializerOptions options)
    {
        JsonObject reference = Reference(type, options);
        return AllowsNull(node) ? new JsonObject { ["anyOf"] = new JsonArray(reference, new JsonObject { ["type"] = "null" }) } : reference;
    }

    private static bool AllowsNull(JsonNode node) =>
        node is JsonObject schema
        && ((schema["type"] is JsonArray types && types.Any(type => type?.GetValue<string>() == "null"))
            || (schema["enum"] is JsonArray values && values.Any(value => value is null)));
}
