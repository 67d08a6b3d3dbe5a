using System.Text.Json.Serialization;
using CloudPipe.Inspections;

namespace CloudPipe.Events;

/// <summary>What an inspection's event carries: a summary, and where the whole result is.</summary>
/// <param name="InspectionId">The inspection.</param>
/// <param name="BlobName">The upload's name in the inspections container.</param>
/// <param name="Status">How it ended.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Reason">Why it was rejected or failed.</param>
/// <param name="Release">The release that scored.</param>
/// <param name="DurationSeconds">The video's length; <see langword="null"/> when no video was found.</param>
/// <param name="SegmentCount">How many segments were scored.</param>
/// <param name="Defects">The defects, most probable first.</param>
/// <param name="Metadata">The sidecar's own fields.</param>
/// <param name="ResultPath">The whole result, as container/name.</param>
/// <param name="ReportPath">The report for a person, as container/name.</param>
/// <param name="SecondsFromUpload">From the upload to the end.</param>
/// <param name="Truncated">Which fields were shortened or left out to keep the event small; the result has them whole.</param>
public sealed record InspectionEventData(
    string InspectionId,
    string BlobName,
    InspectionStatus Status,
    DateTimeOffset FinishedAt,
    InspectionReason? Reason,
    string? Release,
    double? DurationSeconds,
    int SegmentCount,
    IReadOnlyList<LabelScore> Defects,
    IReadOnlyDictionary<string, string>? Metadata,
    string ResultPath,
    string ReportPath,
    double SecondsFromUpload,
    IReadOnlyList<string> Truncated)
{
    /// <summary>How familiar the footage is to the release's networks, 0..1; <see langword="null"/> when the release cannot tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Familiarity { get; init; }

    /// <summary>Whether the footage is unlike the release's training data; <see langword="null"/> when the release cannot tell.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Unfamiliar { get; init; }
}
