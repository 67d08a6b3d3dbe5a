using CloudPipe.Runs;

namespace CloudPipe.Events;

/// <summary>What a training run's event carries: a summary, and where everything is.</summary>
/// <param name="RunId">The run.</param>
/// <param name="BlobName">The request's name in the container <c>training</c>.</param>
/// <param name="Status">How it ended.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Reason">Why it failed, shortened where it is long; the result has it whole.</param>
/// <param name="Release">The release that it made.</param>
/// <param name="MeanAveragePrecision">Of the ensemble out of fold, 0..1.</param>
/// <param name="EvaluationMeanAveragePrecision">Of the ensemble on the evaluation's data set, 0..1.</param>
/// <param name="ResultPath">The whole result, as container/name.</param>
/// <param name="ReportPath">The report for a person, as container/name; <see langword="null"/> when it failed.</param>
/// <param name="SecondsFromRequest">From the request to the end.</param>
public sealed record RunEventData(
    string RunId,
    string BlobName,
    RunStatus Status,
    DateTimeOffset FinishedAt,
    string? Reason,
    string? Release,
    double? MeanAveragePrecision,
    double? EvaluationMeanAveragePrecision,
    string ResultPath,
    string? ReportPath,
    double SecondsFromRequest);
