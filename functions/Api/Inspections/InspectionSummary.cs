using CloudPipe.Inspections;

namespace CloudPipe.Functions.Api.Inspections;

/// <summary>How an inspection ended, in short.</summary>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Reason">Why it was rejected or failed; <see langword="null"/> when completed.</param>
/// <param name="Release">The release that scored; <see langword="null"/> when none did.</param>
/// <param name="Defects">The classes above the release's threshold, most probable first.</param>
/// <param name="Familiarity">How familiar the footage is to the release's networks, 0..1; <see langword="null"/> when the release cannot tell.</param>
/// <param name="Unfamiliar">Whether the footage is unlike the release's training data; <see langword="null"/> when the release cannot tell.</param>
/// <param name="SecondsFromUpload">From the upload to the end.</param>
/// <param name="ResultUrl">The whole result, relative to the API's address.</param>
/// <param name="ReportUrl">The report for people, relative to the API's address; <see langword="null"/> unless completed.</param>
public sealed record InspectionSummary(
    DateTimeOffset FinishedAt,
    InspectionReason? Reason,
    string? Release,
    IReadOnlyList<LabelScore> Defects,
    double? Familiarity,
    bool? Unfamiliar,
    double SecondsFromUpload,
    string ResultUrl,
    string? ReportUrl)
{
    /// <summary>Shortens a result.</summary>
    /// <param name="result">The result.</param>
    /// <returns>The summary.</returns>
    public static InspectionSummary Of(InspectionResult result) => new(
        result.FinishedAt,
        result.Reason,
        result.Release,
        result.Defects,
        result.Familiarity,
        result.Unfamiliar,
        result.SecondsFromUpload,
        ResultsApi.UrlOf(result.InspectionId),
        result.Status == InspectionStatus.Completed ? ResultsApi.ReportUrlOf(result.InspectionId) : null);
}
