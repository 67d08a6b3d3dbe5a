using System.Text.Json;

namespace CloudPipe.Labels;

/// <summary>
/// Reads and writes label files in QV-Pipe's form: one JSON object, a video's name to the list of its classes' indices,
/// <c>{"d16427.mp4": [1, 14]}</c>.
/// </summary>
public static class QvPipeLabels
{
    /// <summary>Reads a label file.</summary>
    /// <param name="json">The file's bytes, UTF-8, with or without a byte-order mark.</param>
    /// <param name="taxonomy">The classes that the indices name.</param>
    /// <returns>The videos in ordinal order of their names, so that the order of the file decides nothing.</returns>
    /// <exception cref="InvalidDataException">It is not that form, names a class that is not there, a video twice, or the normal class beside another.</exception>
    public static IReadOnlyList<LabelledVideo> Read(ReadOnlyMemory<byte> json, Taxonomy taxonomy)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        if (json.Span.StartsWith(byteOrderMark))
        {
            json = json[byteOrderMark.Length..];
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new InvalidDataException($"A label file is one JSON object, {{\"video.mp4\": [1, 2]}}; this one is {Describe(document.RootElement)}.");
            }

            var videos = new SortedDictionary<string, LabelledVideo>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (!videos.TryAdd(property.Name, new LabelledVideo(property.Name, ReadLabels(property, taxonomy))))
                {
                    throw new InvalidDataException($"The label file names the video '{property.Name}' twice. Keep one entry.");
                }
            }

            return [.. videos.Values];
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"The label file is no JSON: {exception.Message}", exception);
        }
    }

    /// <summary>Writes a label file.</summary>
    /// <param name="videos">The videos, in the order of the file.</param>
    /// <returns>UTF-8 JSON, one video a line.</returns>
    public static byte[] Write(IEnumerable<LabelledVideo> videos)
    {
        IEnumerable<string> lines = videos.Select(video => $"  {JsonSerializer.Serialize(video.Name)}: [{string.Join(", ", video.Labels)}]");
        return System.Text.Encoding.UTF8.GetBytes($"{{\n{string.Join(",\n", lines)}\n}}\n");
    }

    private static int[] ReadLabels(JsonProperty property, Taxonomy taxonomy)
    {
        if (property.Value.ValueKind != JsonValueKind.Array)
        {
            throw new InvalidDataException($"The labels of '{property.Name}' are {Describe(property.Value)}; write a list of class indices.");
        }

        var labels = new SortedSet<int>();
        foreach (JsonElement element in property.Value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out int label) || label < 0 || label >= taxonomy.Count)
            {
                throw new InvalidDataException(
                    $"'{property.Name}' has the label {element.GetRawText()}; the taxonomy '{taxonomy.Name}' has the classes 0 to {taxonomy.Count - 1}.");
            }

            labels.Add(label);
        }

        if (taxonomy.NormalIndex is int normal && labels.Count > 1 && labels.Contains(normal))
        {
            throw new InvalidDataException(
                $"'{property.Name}' has the normal class {taxonomy.Classes[normal].Code} ({normal}) beside {string.Join(", ", labels.Where(label => label != normal))}: normal never stands with a defect.");
        }

        return [.. labels];
    }

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => $"the value {element.GetRawText()}",
    };
}
