using CloudPipe.Runs;

namespace CloudPipe.Progress;

/// <summary>How far a training run is.</summary>
/// <param name="RunId">The run.</param>
/// <param name="BlobName">The request's name in the container <c>training</c>.</param>
/// <param name="Release">The release that it makes; <see langword="null"/> when the request could not be planned.</param>
/// <param name="Folds">Every fold of every network.</param>
/// <param name="Result">How it ended; <see langword="null"/> until then.</param>
public sealed record RunProgress(string RunId, string BlobName, string? Release, IReadOnlyList<FoldState> Folds, RunResult? Result);
