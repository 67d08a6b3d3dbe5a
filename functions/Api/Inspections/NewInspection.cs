namespace CloudPipe.Functions.Api.Inspections;

/// <summary>A video that is to be uploaded and scored.</summary>
/// <param name="FileName">The name that the upload gets, with <c>/</c> between its parts; it must end as a video's does, and must not be taken.</param>
/// <param name="Release">The release that scores; the configured one when it is left out.</param>
/// <param name="SegmentSeconds">The longest span that one super-image covers, 1 to 3600; the release's when it is left out.</param>
/// <param name="Metadata">Own fields (asset, street, operator …), passed through to the result.</param>
public sealed record NewInspection(string FileName, string? Release = null, double? SegmentSeconds = null, IReadOnlyDictionary<string, string>? Metadata = null);
