using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CloudPipe.Functions.Tests.Doubles;

/// <summary>Holds a value to a JSON schema: the keywords that the API's document has, and an exception for any other.</summary>
internal sealed class JsonSchemaCheck(JsonElement document)
{
    public IEnumerable<string> FindFaults(JsonElement schema, JsonElement value, string place = "$")
    {
        if (schema.ValueKind == JsonValueKind.True)
            return [];
        return schema.EnumerateObject().SelectMany(keyword => Check(schema, keyword, value, place));
    }

    /// <summary>What a reference inside of the document names.</summary>
    public JsonElement Resolve(string reference) =>
        reference.TrimStart('#', '/').Split('/').Aggregate(document, (element, name) => element.GetProperty(name.Replace("~1", "/", StringComparison.Ordinal)));

    private IEnumerable<string> Check(JsonElement schema, JsonProperty keyword, JsonElement value, string place)
    {
        switch (keyword.Name)
        {
            case "description" or "default" or "examples":
                return [];
            case "$ref":
                return FindFaults(Resolve(keyword.Value.GetString()!), value, place);
            case "anyOf":
                return keyword.Value.EnumerateArray().Any(choice => !FindFaults(choice, value, place).Any()) ? [] : [$"{place} fits none of anyOf"];
            case "type":
                string[] types = keyword.Value.ValueKind == JsonValueKind.Array ? [.. keyword.Value.EnumerateArray().Select(type => type.GetString()!)] : [keyword.Value.GetString()!];
                return types.Any(type => IsOfType(value, type)) ? [] : [$"{place} is {value.ValueKind}, not {string.Join(" or ", types)}"];
            case "enum":
                return keyword.Value.EnumerateArray().Any(choice => JsonElement.DeepEquals(choice, value)) ? [] : [$"{place} is {value}, not one of {keyword.Value}"];
            case "pattern":
                return value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!) ? [] : [$"{place} does not match {keyword.Value}"];
            case "format":
                return value.ValueKind != JsonValueKind.String || IsOfFormat(value.GetString()!, keyword.Value.GetString()!) ? [] : [$"{place} is no {keyword.Value}"];
            case "required":
                return keyword.Value.EnumerateArray().Select(name => name.GetString()!)
                    .Where(name => value.ValueKind == JsonValueKind.Object && !value.TryGetProperty(name, out _)).Select(name => $"{place}.{name} is missing");
            case "items":
                return value.ValueKind != JsonValueKind.Array ? [] : value.EnumerateArray().Index().SelectMany(item => FindFaults(keyword.Value, item.Item, $"{place}[{item.Index}]"));
            case "properties":
                return value.ValueKind != JsonValueKind.Object ? [] : keyword.Value.EnumerateObject()
                    .SelectMany(member => value.TryGetProperty(member.Name, out JsonElement found) ? FindFaults(member.Value, found, $"{place}.{member.Name}") : []);
            case "additionalProperties":
                bool hasProperties = schema.TryGetProperty("properties", out JsonElement known);
                return value.ValueKind != JsonValueKind.Object ? [] : value.EnumerateObject().Where(member => !hasProperties || !known.TryGetProperty(member.Name, out _))
                    .SelectMany(member => keyword.Value.ValueKind == JsonValueKind.False ? [$"{place}.{member.Name} is not known"] : FindFaults(keyword.Value, member.Value, $"{place}.{member.Name}"));
            default:
                throw new NotSupportedException($"The schema at {place} has the keyword '{keyword.Name}', which this check does not know.");
        }
    }

    private static bool IsOfType(JsonElement value, string type) => type switch
    {
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"The type '{type}' is none of JSON's."),
    };

    private static bool IsOfFormat(string text, string format) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _),
        "uri" => Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out _),
        _ => throw new NotSupportedException($"This check does not know the format '{format}'."),
    };
}
