using CloudPipe.Runs;

namespace CloudPipe.Functions.Api.Runs;

/// <summary>A training run in short.</summary>
/// <param name="RunId">The run.</param>
/// <param name="BlobName">The request's name in the container <c>training</c>.</param>
/// <param name="Stage">How far it is.</param>
/// <param name="Result">How it ended; <see langword="null"/> until then.</param>
/// <param name="Url">Every fold of it, relative to the API's address.</param>
public sealed record RunSummary(string RunId, string BlobName, RunStage Stage, RunResult? Result, string Url);
