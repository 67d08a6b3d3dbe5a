using System.Text.Json.Serialization;
using CloudPipe.Storage;

namespace CloudPipe.Runs;

/// <summary>How a training run ended: <c>runs/&lt;id&gt;/result.json</c>.</summary>
/// <param name="RunId">The run.</param>
/// <param name="BlobName">The request's name in the container <c>training</c>.</param>
/// <param name="ETag">The request's ETag.</param>
/// <param name="Status">How it ended.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Reason">Why it failed; <see langword="null"/> when completed.</param>
/// <param name="Release">The release that it made; <see langword="null"/> when it made none.</param>
/// <param name="MeanAveragePrecision">Of the ensemble out of fold, 0..1; <see langword="null"/> unless completed.</param>
/// <param name="EvaluationMeanAveragePrecision">Of the ensemble on the evaluation's data set; <see langword="null"/> without one.</param>
/// <param name="Folds">Every fold of every network that ended.</param>
/// <param name="SecondsFromRequest">From the request to the end.</param>
public sealed record RunResult(
    string RunId,
    string BlobName,
    [property: JsonPropertyName("etag")] string ETag,
    RunStatus Status,
    DateTimeOffset FinishedAt,
    string? Reason,
    string? Release,
    double? MeanAveragePrecision,
    double? EvaluationMeanAveragePrecision,
    IReadOnlyList<RunFold> Folds,
    double SecondsFromRequest)
{
    /// <summary>The version of the file's form.</summary>
    public int SchemaVersion { get; init; } = 1;

    /// <summary>Where a run's result lives.</summary>
    /// <param name="runId">The run.</param>
    /// <returns>The blob.</returns>
    public static BlobPath PathOf(string runId) => FileOf(runId, "result.json");

    /// <summary>Where a file of a run lives.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="file">The file's name.</param>
    /// <returns>The blob.</returns>
    public static BlobPath FileOf(string runId, string file) => new(BlobContainers.Runs, $"{runId}/{file}");
}
