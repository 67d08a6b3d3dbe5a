using System.Text.Json.Serialization;
using CloudPipe.Storage;

namespace CloudPipe.Inspections;

/// <summary>What the user receives for one upload: <c>results/&lt;id&gt;/result.json</c>.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="BlobName">The upload's name in the inspections container.</param>
/// <param name="ETag">The upload's ETag.</param>
/// <param name="Status">How it ended.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Reason">Why it was rejected or failed; <see langword="null"/> when completed.</param>
/// <param name="Release">The release that scored; <see langword="null"/> when none did.</param>
/// <param name="Video">What the probe found; <see langword="null"/> when it found no video.</param>
/// <param name="Labels">Every class with the inspection's probability, in the taxonomy's order; empty unless completed.</param>
/// <param name="Defects">The classes above the release's threshold, most probable first, class 'normal' never among them.</param>
/// <param name="Segments">The timeline; empty unless completed.</param>
/// <param name="Metadata">The sidecar's own fields.</param>
/// <param name="SecondsFromUpload">From the upload to the end.</param>
public sealed record InspectionResult(
    string InspectionId,
    string BlobName,
    [property: JsonPropertyName("etag")] string ETag,
    InspectionStatus Status,
    DateTimeOffset FinishedAt,
    InspectionReason? Reason,
    string? Release,
    VideoInfo? Video,
    IReadOnlyList<LabelScore> Labels,
    IReadOnlyList<LabelScore> Defects,
    IReadOnlyList<SegmentScore> Segments,
    IReadOnlyDictionary<string, string>? Metadata,
    double SecondsFromUpload)
{
    /// <summary>The version of the file's form.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>
    /// How familiar the footage is to the release's networks, 0..1: the share of footage like their training data that is no more
    /// familiar. <see langword="null"/> when the release cannot tell.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Familiarity { get; init; }

    /// <summary>Whether the footage is unlike the release's training data, so that its scores may mean nothing; <see langword="null"/> when the release cannot tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Unfamiliar { get; init; }

    /// <summary>Where an inspection's result lives.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string inspectionId) => new(BlobContainers.Results, $"{inspectionId}/result.json");

    /// <summary>Where an inspection's report lives.</summary>
    /// <param name="inspectionId">The inspection.</param>
    /// <returns>The blob.</returns>
    public static BlobPath ReportPathOf(string inspectionId) => new(BlobContainers.Results, $"{inspectionId}/report.html");
}
