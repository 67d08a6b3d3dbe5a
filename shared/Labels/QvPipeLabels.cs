using System.Text.Json;
using CloudPipe.Datasets;

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
    /// <param name="file">The file's name, for messages.</param>
    /// <returns>The videos in ordinal order of their names, so that the order of the file decides nothing.</returns>
    /// <exception cref="InvalidDataException">
    /// It is not that form, names a class that is not there, a video twice or outside of its folder, or the normal class beside
    /// another; the message lists what is wrong.
    /// </exception>
    public static IReadOnlyList<LabelledVideo> Read(ReadOnlyMemory<byte> json, Taxonomy taxonomy, string file = "The label file")
    {
        var faults = new LabelFaults(file);
        try
        {
            using var document = JsonDocument.Parse(WithoutByteOrderMark(json));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw faults.Fatal($"a label file is one JSON object, {{\"video.mp4\": [1, 2]}}; this one is {Describe(document.RootElement)}.");
            }

            var videos = new SortedDictionary<string, LabelledVideo>(StringComparer.Ordinal);
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                faults.CheckName("The label file", property.Name);
                if (!videos.TryAdd(property.Name, new LabelledVideo(property.Name, ReadLabels(property, taxonomy, faults))))
                {
                    faults.Add($"It names the video '{property.Name}' twice. Keep one entry.");
                }
            }

            faults.ThrowIfAny();
            return [.. videos.Values];
        }
        catch (JsonException exception)
        {
            throw faults.Fatal($"it is no JSON: {exception.Message}", exception);
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

    internal static ReadOnlyMemory<byte> WithoutByteOrderMark(ReadOnlyMemory<byte> json)
    {
        ReadOnlySpan<byte> byteOrderMark = [0xEF, 0xBB, 0xBF];
        return json.Span.StartsWith(byteOrderMark) ? json[byteOrderMark.Length..] : json;
    }

    internal static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        _ => $"the value {element.GetRawText()}",
    };

    private static int[] ReadLabels(JsonProperty property, Taxonomy taxonomy, LabelFaults faults)
    {
        var labels = new SortedSet<int>();
        if (property.Value.ValueKind != JsonValueKind.Array)
        {
            faults.Add($"The labels of '{property.Name}' are {Describe(property.Value)}; write a list of class indices.");
            return [];
        }

        foreach (JsonElement element in property.Value.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int label) && label >= 0 && label < taxonomy.Count)
            {
                labels.Add(label);
            }
            else
            {
                faults.Add($"'{property.Name}' has the label {element.GetRawText()}; the taxonomy '{taxonomy.Name}' has the classes 0 to {taxonomy.Count - 1}.");
            }
        }

        faults.CheckNormal($"'{property.Name}'", labels, taxonomy);
        return [.. labels];
    }
}
