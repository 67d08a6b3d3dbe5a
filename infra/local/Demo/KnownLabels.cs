using System.Text.Json;
using CloudPipe.Inspections;
using CloudPipe.Messages;

namespace CloudPipe.Local.Demo;

/// <summary>What is truly in the demo's videos, where that is known: QV-Pipe's form, file names with class indices.</summary>
/// <param name="indices">The class indices of each file.</param>
internal sealed class KnownLabels(IReadOnlyDictionary<string, int[]> indices)
{
    /// <summary>Reads the labels beside the videos.</summary>
    /// <param name="file">For example <c>labels.json</c>; a file that is not there knows nothing.</param>
    /// <returns>The labels.</returns>
    /// <exception cref="InvalidDataException">The file is there but has another form.</exception>
    public static KnownLabels Read(string file)
    {
        if (!File.Exists(file))
        {
            return new KnownLabels(new Dictionary<string, int[]>());
        }

        try
        {
            return new KnownLabels(JsonSerializer.Deserialize<Dictionary<string, int[]>>(File.ReadAllBytes(file), CloudPipeJson.Options) ?? []);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"'{file}' is no object of file names with class indices: {exception.Message}", exception);
        }
    }

    /// <summary>The codes of what is truly in a video.</summary>
    /// <param name="result">The video's result, which has the classes' codes.</param>
    /// <returns>For example <c>CK SL</c>; empty when nothing is known.</returns>
    public string Describe(InspectionResult result) => indices.TryGetValue(result.BlobName, out int[]? known)
        ? string.Join(' ', result.Labels.Where(label => known.Contains(label.Index)).Select(label => label.Code))
        : "";
}
