using System.Text.Json;
using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>
/// What the uploader says of a video, in a JSON file beside it that is uploaded first: <c>survey.mp4.json</c> or, when
/// that is not there, <c>survey.json</c> for <c>survey.mp4</c>. Every field may be left out.
/// </summary>
/// <param name="Release">The release that scores, by name; <see langword="null"/> for the default.</param>
/// <param name="SegmentSeconds">The longest span that one super-image covers; <see langword="null"/> for the release's.</param>
/// <param name="Metadata">The uploader's own fields (asset, street, operator …), passed through to the result.</param>
public sealed record Sidecar(string? Release, double? SegmentSeconds, IReadOnlyDictionary<string, string>? Metadata)
{
    /// <summary>The largest sidecar that is accepted, in bytes.</summary>
    public const int LargestFile = 64 * 1024;

    /// <summary>The shortest segment that may be asked for, in seconds.</summary>
    public const double ShortestSegment = 1;

    /// <summary>The longest segment that may be asked for, in seconds.</summary>
    public const double LongestSegment = 3600;

    /// <summary>What holds for a video without a sidecar.</summary>
    public static Sidecar None { get; } = new(null, null, null);

    /// <summary>The names under which a video's sidecar is looked for, the one that wins first.</summary>
    /// <param name="blobName">The video's name in the inspections container.</param>
    /// <returns>Names in the same container.</returns>
    public static IReadOnlyList<string> NamesFor(string blobName) => [$"{blobName}.json", $"{blobName[..blobName.LastIndexOf('.')]}.json"];

    /// <summary>Looks a video's sidecar up and reads it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="blobName">The video's name in the inspections container.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The sidecar, or <see cref="None"/> when there is none.</returns>
    /// <exception cref="InspectionRejectedException">It is there but cannot be understood.</exception>
    public static async Task<Sidecar> ReadAsync(IBlobStore store, string blobName, CancellationToken cancellationToken = default)
    {
        foreach (string name in NamesFor(blobName))
        {
            await using BlobContent? content = await store.OpenReadAsync(new BlobPath(BlobContainers.Inspections, name), null, cancellationToken).ConfigureAwait(false);
            if (content is null)
            {
                continue;
            }

            if (content.Properties.Length > LargestFile)
            {
                throw Invalid(name, $"has {content.Properties.Length} bytes; at most {LargestFile} are accepted");
            }

            using var bytes = new MemoryStream();
            await content.Stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
            return Parse(name, bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
        }

        return None;
    }

    /// <summary>Reads a sidecar from its bytes.</summary>
    /// <param name="name">Its name, for the messages.</param>
    /// <param name="json">Its content, UTF-8.</param>
    /// <returns>The sidecar.</returns>
    /// <exception cref="InspectionRejectedException">It cannot be understood.</exception>
    public static Sidecar Parse(string name, ReadOnlyMemory<byte> json)
    {
        ReadOnlyMemory<byte> text = json.Span.StartsWith("\uFEFF"u8) ? json[3..] : json;
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Invalid(name, $"holds {document.RootElement.ValueKind}, not an object");
            }

            Sidecar sidecar = None;
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                sidecar = property.Value.ValueKind == JsonValueKind.Null ? sidecar : property.Name switch
                {
                    "release" => sidecar with { Release = ReadText(name, "release", property.Value) },
                    "segmentSeconds" => sidecar with { SegmentSeconds = ReadSegmentSeconds(name, property.Value) },
                    "metadata" => sidecar with { Metadata = ReadMetadata(name, property.Value) },
                    _ => throw Invalid(name, $"has the field '{property.Name}', which is not known; release, segmentSeconds and metadata are (own fields go inside metadata)"),
                };
            }

            return sidecar;
        }
        catch (JsonException exception)
        {
            throw Invalid(name, $"is no JSON: {exception.Message}");
        }
        catch (InvalidOperationException exception)
        {
            // A string that is no valid UTF-16 after unescaping.
            throw Invalid(name, $"is no JSON: {exception.Message}");
        }
    }

    private static double ReadSegmentSeconds(string name, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && seconds is >= ShortestSegment and <= LongestSegment
            ? seconds
            : throw Invalid(name, $"has segmentSeconds {value.GetRawText()}; a number from {ShortestSegment} to {LongestSegment} is expected");

    private static Dictionary<string, string> ReadMetadata(string name, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw Invalid(name, "has metadata that is no object of texts");
        }

        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonProperty property in value.EnumerateObject())
        {
            metadata[property.Name] = ReadText(name, $"metadata.{property.Name}", property.Value);
        }

        return metadata;
    }

    private static string ReadText(string name, string field, JsonElement value) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw Invalid(name, $"has {field} {value.GetRawText()}; a text in quotes is expected");

    private static InspectionRejectedException Invalid(string name, string what) =>
        new(ReasonCode.InvalidSidecar, $"The sidecar '{name}' {what}. Correct or remove it, then upload the video again.");
}
