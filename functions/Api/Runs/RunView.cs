using CloudPipe.Progress;
using CloudPipe.Runs;

namespace CloudPipe.Functions.Api.Runs;

/// <summary>A training run with all its folds.</summary>
/// <param name="RunId">The run.</param>
/// <param name="BlobName">The request's name in the container <c>training</c>.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Release">The release that it makes; <see langword="null"/> when the request could not be planned.</param>
/// <param name="Folds">Every fold of every network.</param>
/// <param name="Result">How it ended; <see langword="null"/> until then.</param>
public sealed record RunView(string RunId, string BlobName, RunStage Stage, string? Release, IReadOnlyList<FoldState> Folds, RunResult? Result);
